// Every session on the recovery board, on one link: who stands there, each one's log, this tablet's taps on their way.

import { Copy } from "./copy.js";
import { Link } from "./link.js";
import { keep, stored } from "./outbox.js";
import { WARD } from "./storage_keys.js";

const QUIET_MS = 500; // a session that is not on the board may have come on to it: several taps make one question

/** @typedef {{ session: string, why: string }} Unreadable a record that the server cannot read */

export class Ward {
  known = false; // whether the server has said who stands here
  loaded = false; // whether all that can be known at first is: before, cards would come in one by one under a finger
  /** @type {string | null} */
  problem = null; // a sentence, where the server could not say who stands here
  /** @type {Set<Copy>} */
  behind = new Set(); // copies that the server has more of
  asking = false;
  askAgain = false;
  catching = false;
  /** @type {number | null} */
  soon = null;

  /** @param {() => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
    this.link = new Link({
      onChange,
      onHint: (hint) => this.hear(hint),
      onPoll: () => this.ask(),
      onAcknowledged: (events) => this.taken(events),
    });
    /** @type {{ sessions: string[], unreadable: Unreadable[] }} */
    const { sessions, unreadable } = stored(WARD, { sessions: [], unreadable: [] });
    this.copies = new Map(sessions.map((session) => [session, this.copyOf(session)]));
    this.unreadable = unreadable;
    this.link.start();
  }

  stop() {
    clearTimeout(this.soon ?? undefined);
    this.link.stop();
  }

  now() {
    return this.link.now();
  }

  /** @param {string} session */
  copyOf(session) {
    return new Copy(session, this.link, this.onChange);
  }

  // Who stands on the board; asked while it answers, it asks once more afterwards.
  async ask() {
    this.askAgain = this.asking;
    if (this.asking || this.link.stopped) return;
    this.asking = true;
    try {
      const { status, body } = await this.link.call("/api/ward");
      this.problem = status === 200 ? null : (body.error ?? "The server could not read its records.");
      if (status === 200) this.learn(body);
      else this.loaded = true;
    } catch {
      this.link.offline();
      this.loaded = true;
    }
    this.asking = false;
    this.onChange();
    if (this.askAgain) this.ask();
  }

  // Who stands on the board and all that happened to them.
  async askAll() {
    await this.ask();
    await Promise.all([...this.copies.values()].map((copy) => this.behind.has(copy) && copy.pull()));
  }

  /** @param {{ sessions: { session: string, version: number }[], unreadable: Unreadable[] }} answer */
  learn({ sessions, unreadable }) {
    const standing = new Set(sessions.map(({ session }) => session));
    for (const [session, copy] of this.copies) {
      if (standing.has(session) || copy.outbox.length) continue;
      this.copies.delete(session);
      copy.forget();
    }
    for (const { session, version } of sessions) {
      const copy = this.copies.get(session) ?? this.copyOf(session);
      this.copies.set(session, copy);
      if (version > copy.version) this.behind.add(copy);
    }
    [this.known, this.unreadable] = [true, unreadable];
    keep(WARD, { sessions: [...this.copies.keys()], unreadable });
    this.catchUp();
  }

  // One after the other: thirty questions at once would keep a tap waiting.
  async catchUp() {
    if (this.catching) return;
    this.catching = true;
    for (const copy of this.behind) {
      this.behind.delete(copy);
      await copy.pull();
    }
    this.catching = false;
    this.loaded = true;
    this.onChange();
  }

  /** @param {import("./link.js").Hint} hint */
  hear({ session, version = 0 }) {
    if (!session) return this.ask();
    const copy = this.copies.get(session);
    if (!copy) return this.askSoon();
    if (version <= copy.version) return;
    this.behind.add(copy);
    this.catchUp();
  }

  askSoon() {
    this.soon ??= setTimeout(() => {
      this.soon = null;
      this.ask();
    }, QUIET_MS);
  }

  /** @param {import("../rules/types.js").LogEvent[]} events */
  taken(events) {
    for (const copy of this.copies.values()) copy.taken(events);
  }
}
