// One session as this tablet knows it: its copy of the log, and its own taps on their way. What is drawn is both.

import { drop, keep, stored, stands } from "./outbox.js";

const KEY = "is:log:";

export class Copy {
  constructor(session, link) {
    this.session = session;
    this.link = link;
    const { version, protocol, events } = stored(KEY + session, { version: 0, protocol: null, events: [] });
    this.version = version;
    this.protocolHash = protocol;
    this.stored = new Map(events.map((event) => [event.id, event]));
    this.saved = this.stored.size; // entries in the copy that a reload would find
    this.edition = 0; // another whenever what is stored here changes
    this.problem = null; // a sentence, where the server refused the session itself
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

  enter(kind, data, by, when) {
    return this.link.enter(this.session, kind, data, by, when);
  }

  // What the server has beyond our version; asked while it answers, it asks once more afterwards.
  async pull() {
    this.pullAgain = Boolean(this.pulling);
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
    this.link.owner.changed();
    if (this.pullAgain) await this.pull();
  }

  learn({ events, version, protocol }) {
    for (const event of events) this.stored.set(event.id, event);
    this.edition += events.length;
    this.version = version;
    this.protocolHash = protocol;
    this.save();
  }

  taken(entries) {
    const own = entries.filter((event) => event.session === this.session);
    for (const event of own) this.stored.set(event.id, event);
    this.edition += own.length;
    if (own.length) this.save();
  }

  // Whether a reload without the server shows all that is shown now; null where the storage is too full for it.
  get whole() {
    const stood = stands(KEY + this.session);
    return stood && this.saved === this.stored.size;
  }

  save() {
    this.saved = this.stored.size;
    keep(KEY + this.session, { version: this.version, protocol: this.protocolHash, events: [...this.stored.values()] });
  }

  forget() {
    drop(KEY + this.session);
  }
}
