// One session as this tablet knows it: its copy of the log, and its own taps on their way. What is drawn is both.

import { drop, keep, stands, stored } from "./outbox.js";
import { LOG } from "./storage_keys.js";

/**
 * @import { LogEvent } from "../rules/types.js"
 * @import { Link } from "./link.js"
 *
 * @typedef {{ version: number, protocol: string | null, events: LogEvent[] }} Log as the server sends it and the tablet keeps it
 */

export class Copy {
  edition = 0; // another whenever what is stored here changes
  /** @type {string | null} */
  problem = null; // a sentence, where the server refused the session itself
  pulling = false;
  pullAgain = false;

  /**
   * @param {string} session
   * @param {Link} link
   * @param {() => void} onChange
   */
  constructor(session, link, onChange) {
    this.session = session;
    this.link = link;
    this.onChange = onChange;
    /** @type {Log} */
    const { version, protocol, events } = stored(LOG + session, { version: 0, protocol: null, events: [] });
    this.version = version;
    this.protocolHash = protocol;
    this.stored = new Map(events.map((event) => [event.id, event]));
    this.saved = this.stored.size; // entries in the copy that a reload would find
  }

  get device() {
    return this.link.device;
  }

  get outbox() {
    return this.link.waiting.filter((event) => event.session === this.session);
  }

  get refused() {
    return this.link.refused.filter(({ event }) => event.session === this.session);
  }

  now() {
    return this.link.now();
  }

  events() {
    return [...this.stored.values(), ...this.outbox.filter((event) => !this.stored.has(event.id))];
  }

  /**
   * @param {string} kind
   * @param {LogEvent["data"]} data
   * @param {string} by
   * @param {{ landed?: number, at?: number }} [when]
   */
  enter(kind, data, by, when) {
    return this.link.enter(this.session, kind, data, by, when);
  }

  // What the server has beyond our version; asked while it answers, it asks once more afterwards.
  async pull() {
    this.pullAgain = this.pulling;
    if (this.pulling || this.link.stopped) return;
    this.pulling = true;
    try {
      const { status, body } = await this.link.call(`/api/sessions/${this.session}?after=${this.version}`);
      this.problem = status === 200 ? null : (body.error ?? "The server could not read this procedure.");
      if (status === 200) this.learn(body);
    } catch {
      this.link.offline();
    }
    this.pulling = false;
    this.onChange();
    if (this.pullAgain) await this.pull();
  }

  /** @param {Log} log */
  learn({ events, version, protocol }) {
    for (const event of events) this.stored.set(event.id, event);
    this.edition += events.length;
    this.version = version;
    this.protocolHash = protocol;
    this.save();
  }

  /**
   * Entries that the server has now, of any session.
   * @param {LogEvent[]} events
   */
  taken(events) {
    const own = events.filter((event) => event.session === this.session);
    for (const event of own) this.stored.set(event.id, event);
    this.edition += own.length;
    if (own.length) this.save();
  }

  // Whether a reload without the server shows all that is shown now; null where the storage is too full for it.
  get whole() {
    const stood = stands(LOG + this.session);
    return stood && this.saved === this.stored.size;
  }

  save() {
    this.saved = this.stored.size;
    keep(LOG + this.session, { version: this.version, protocol: this.protocolHash, events: [...this.stored.values()] });
  }

  forget() {
    drop(LOG + this.session);
  }
}
