// One session as this tablet knows it: its copy of the log, its taps on their way, the server's clock. A tap is kept
// before it is drawn, and keeps its stamp whatever happens on the way.

import { aside, deviceName, done, keep, kept, pending, put, randomId, setAside, unsafe } from "./outbox.js";

const BATCH = 100; // entries at once
const ANSWER_MS = 8000; // a half-open line answers neither yes nor no
const RETRY_MS = 1000;
const DRIFT_MS = 1; // how far two clocks may part between two answers
const STEADY_MS = 2000; // a larger step back is a clock that was wrong before
const POLL_MS = 15000; // hints may be missed

export class Sync {
  constructor(session, onChange) {
    this.session = session;
    this.onChange = onChange;
    this.device = deviceName();
    const copy = kept(`is:log:${session}`, { version: 0, protocol: null, events: [] });
    this.version = copy.version;
    this.protocolHash = copy.protocol;
    this.stored = new Map(copy.events.map((event) => [event.id, event]));
    this.offset = kept("is:offset", 0); // server's clock minus this tablet's, ms
    [this.least, this.most] = [-Infinity, Infinity]; // between which it must be
    this.online = false;
    this.present = 0; // devices at this session, this one too
    this.problem = null; // a sentence, where the server refused the session itself
    this.stopped = false;
    this.refresh();
    this.wake = () => this.hurry();
    this.seen = () => (document.hidden ? this.hush() : this.hurry());
    this.elsewhere = () => (this.refresh(), this.onChange()); // another window of this browser
    window.addEventListener("online", this.wake);
    window.addEventListener("storage", this.elsewhere);
    document.addEventListener("visibilitychange", this.seen);
    this.poll = setInterval(() => !document.hidden && this.hurry(), POLL_MS);
    this.hurry();
  }

  stop() {
    this.stopped = true;
    window.removeEventListener("online", this.wake);
    window.removeEventListener("storage", this.elsewhere);
    document.removeEventListener("visibilitychange", this.seen);
    clearInterval(this.poll);
    clearTimeout(this.retry);
    this.hush();
  }

  now() {
    return Date.now() + Math.round(this.offset);
  }

  events() {
    return [...this.stored.values(), ...this.outbox.filter((event) => !this.stored.has(event.id))];
  }

  refresh() {
    this.waiting = pending();
    this.outbox = this.waiting.filter((event) => event.session === this.session);
    this.refused = aside(this.session);
    this.safe = !unsafe();
  }

  // A new entry: kept, then drawn, then sent. `landed`: when the finger touched; `at`: when it happened, if earlier.
  enter(kind, data, by, { landed, at } = {}) {
    const last = kept("is:last", { tapped: 0, seq: 0 });
    const stamp = landed ?? this.now();
    const behind = last.tapped - stamp; // a small correction of the clock must not turn the order of taps round
    const tapped = behind > 0 && behind < STEADY_MS ? last.tapped : stamp;
    const seq = last.seq + 1;
    keep("is:last", { tapped, seq });
    const happened = Math.min(at ?? tapped, tapped);
    const event = { id: randomId(), session: this.session, kind, at: happened, tapped, device: this.device, seq, by, data };
    put(event);
    this.refresh();
    this.onChange();
    this.flush();
    return event;
  }

  hurry() {
    if (this.stopped) return;
    this.flush();
    this.pull();
    this.listen();
  }

  // Sends what waits, this session's first; other sessions' taps may wait here too.
  async flush() {
    if (this.sending || this.stopped || !this.waiting.length) return;
    this.sending = true;
    const session = (this.outbox[0] ?? this.waiting[0]).session;
    const batch = this.waiting.filter((event) => event.session === session).slice(0, BATCH);
    let moved = false;
    try {
      const answer = await this.call(`/api/sessions/${session}/taps`, { events: batch });
      moved = Array.isArray(answer.body.acked);
      if (moved) this.settled(batch, answer.body);
      else if (session === this.session) this.problem = answer.body.error ?? null;
    } catch {
      this.offline();
    }
    this.sending = false;
    this.refresh();
    this.onChange();
    if (this.waiting.length) moved ? this.flush() : this.later();
  }

  settled(batch, { acked, refused }) {
    const why = new Map(refused.map((one) => [one.id, one.why]));
    for (const event of batch) {
      if (acked.includes(event.id)) {
        if (event.session === this.session) this.stored.set(event.id, event);
        done(event);
      } else if (why.has(event.id)) setAside(event, why.get(event.id));
    }
    this.problem = null;
    this.saveCopy();
  }

  // What the server has beyond our version.
  async pull() {
    this.pullAgain = Boolean(this.pulling);
    if (this.pulling || this.stopped) return;
    this.pulling = true;
    try {
      const answer = await this.call(`/api/sessions/${this.session}?after=${this.version}`);
      this.problem = answer.status === 200 ? null : (answer.body.error ?? "The server could not read this procedure.");
      if (answer.status === 200) this.learned(answer.body);
    } catch {
      this.offline();
    }
    this.pulling = false;
    this.onChange();
    if (this.pullAgain) this.pull();
  }

  learned({ events, version, protocol }) {
    for (const event of events) this.stored.set(event.id, event);
    this.version = version;
    this.protocolHash = protocol;
    this.saveCopy();
  }

  saveCopy() {
    keep(`is:log:${this.session}`, { version: this.version, protocol: this.protocolHash, events: [...this.stored.values()] });
  }

  listen() {
    if (this.stream && this.stream.readyState !== EventSource.CLOSED) return;
    this.stream = new EventSource(`/api/events?session=${this.session}&device=${this.device}`);
    this.stream.onopen = () => (this.flush(), this.pull());
    this.stream.onmessage = (message) => {
      const { session, version, present } = JSON.parse(message.data);
      if (session !== this.session) return;
      if (version > this.version) this.pull();
      if (present !== undefined) (this.present = present), this.onChange();
    };
    this.stream.onerror = () => {
      this.offline();
      this.onChange();
    };
  }

  hush() {
    this.stream?.close();
    this.stream = null;
    this.present = 0;
  }

  offline() {
    this.online = false;
    this.later();
  }

  later() {
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.hurry(), RETRY_MS);
  }

  async call(path, content) {
    const cut = new AbortController();
    const timer = setTimeout(() => cut.abort(), ANSWER_MS);
    const sent = Date.now();
    const post = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(content) };
    try {
      const answer = await fetch(path, { ...(content && post), signal: cut.signal, cache: "no-store" });
      const body = await answer.json();
      this.online = true;
      this.correctClock(sent, Date.now(), body.now);
      return { status: answer.status, body };
    } finally {
      clearTimeout(timer);
    }
  }

  // The server's clock was read somewhere between sending and coming back: each answer narrows what the difference can be.
  // A clock that agrees within that is left alone, so that stamps do not wander with the network's delay.
  correctClock(sent, came, server) {
    if (typeof server !== "number") return;
    const [least, most] = [server - came, server - sent];
    this.least = Math.max(this.least - DRIFT_MS, least);
    this.most = Math.min(this.most + DRIFT_MS, most);
    if (this.least > this.most) [this.least, this.most] = [least, most]; // one of the clocks was set anew
    if (this.offset >= this.least && this.offset <= this.most) return;
    this.offset = (this.least + this.most) / 2;
    keep("is:offset", this.offset);
  }
}
