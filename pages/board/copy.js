// One session as this tablet knows it: its copy of the log, and its own taps on their way. What is drawn is both.

import { keep, kept } from "./outbox.js";

const KEY = "is:log:";

export class Copy {
  constructor(session, line) {
    this.session = session;
    this.line = line;
    const { version, protocol, events } = kept(KEY + session, { version: 0, protocol: null, events: [] });
    this.version = version;
    this.protocolHash = protocol;
    this.stored = new Map(events.map((event) => [event.id, event]));
    this.problem = null; // a sentence, where the server refused the session itself
  }

  get device() {
    return this.line.device;
  }

  get outbox() {
    return this.line.waiting.filter((event) => event.session === this.session);
  }

  get refused() {
    return this.line.refused.filter(({ event }) => event.session === this.session);
  }

  now() {
    return this.line.now();
  }

  events() {
    return [...this.stored.values(), ...this.outbox.filter((event) => !this.stored.has(event.id))];
  }

  enter(kind, data, by, when) {
    return this.line.enter(this.session, kind, data, by, when);
  }

  // What the server has beyond our version; asked while it answers, it asks once more afterwards.
  async pull() {
    this.pullAgain = Boolean(this.pulling);
    if (this.pulling || this.line.stopped) return;
    this.pulling = true;
    try {
      const { status, body } = await this.line.call(`/api/sessions/${this.session}?after=${this.version}`);
      this.problem = status === 200 ? null : (body.error ?? "The server could not read this procedure.");
      if (status === 200) this.learn(body);
    } catch {
      this.line.offline();
    }
    this.pulling = false;
    this.line.owner.changed();
    if (this.pullAgain) await this.pull();
  }

  learn({ events, version, protocol }) {
    for (const event of events) this.stored.set(event.id, event);
    this.version = version;
    this.protocolHash = protocol;
    this.save();
  }

  taken(entries) {
    for (const event of entries) if (event.session === this.session) this.stored.set(event.id, event);
    this.save();
  }

  save() {
    keep(KEY + this.session, { version: this.version, protocol: this.protocolHash, events: [...this.stored.values()] });
  }
}
