// Every session on the recovery board, on one line: who stands there, each one's log, this tablet's taps on their way.

import { Copy } from "./copy.js";
import { Link } from "./link.js";
import { keep, stored } from "./outbox.js";

const KEY = "is:ward";
const QUIET_MS = 500; // a session that is not on the board may have come on to it: several taps make one question

export class Ward {
  constructor(onChange) {
    this.onChange = onChange;
    const { sessions, unreadable } = stored(KEY, { sessions: [], unreadable: [] });
    this.link = new Link(this);
    this.copies = new Map(sessions.map((session) => [session, new Copy(session, this.link)]));
    this.unreadable = unreadable; // {session, why}: records that the server cannot read
    this.known = false; // whether the server has said who stands here
    this.loaded = false; // whether all that can be known at first is: before, cards would come in one by one under a finger
    this.behind = new Set(); // copies that the server has more of
    this.link.start();
  }

  stop() {
    clearTimeout(this.soon);
    this.link.stop();
  }

  now() {
    return this.link.now();
  }

  // Who stands on the board; asked while it answers, it asks once more afterwards.
  async ask() {
    this.askAgain = Boolean(this.asking);
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

  learn({ sessions, unreadable }) {
    const standing = new Set(sessions.map((one) => one.session));
    for (const [session, copy] of this.copies) {
      if (standing.has(session) || copy.outbox.length) continue;
      this.copies.delete(session);
      copy.forget();
    }
    for (const { session, version } of sessions) {
      if (!this.copies.has(session)) this.copies.set(session, new Copy(session, this.link));
      if (version > this.copies.get(session).version) this.behind.add(this.copies.get(session));
    }
    [this.known, this.unreadable] = [true, unreadable];
    keep(KEY, { sessions: [...this.copies.keys()], unreadable });
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

  // ------------------------------------------------------------------------------------------ what the line reports
  hear({ session, version }) {
    const copy = this.copies.get(session);
    if (!session) this.ask();
    else if (!copy) this.soon ??= setTimeout(() => ((this.soon = null), this.ask()), QUIET_MS);
    else if (version > copy.version) this.behind.add(copy), this.catchUp();
  }

  again() {
    this.ask();
  }

  acked(entries) {
    for (const copy of this.copies.values()) copy.taken(entries);
  }

  changed() {
    this.onChange();
  }
}
