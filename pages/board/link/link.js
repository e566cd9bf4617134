// A page's one line to the server: sends what waits on this tablet, of every session; reads the server's clock; hears
// which session changed. A tap is kept before it is drawn, and keeps its stamp whatever happens on the way.
//
// Whoever owns the line tells it where to report: `hear({session, version})` a hint of a change, `hear({})` when the
// stream has just opened and anything may have changed before; `again()` time to ask anew; `acked(entries)`; `changed()`.

import { aside, deviceName, done, keep, stored, pending, put, randomId, setAside, unsafe } from "./outbox.js";

const BATCH = 100; // entries at once
const ANSWER_MS = 8000; // a half-open line answers neither yes nor no
const RETRY_MS = 1000;
const STUCK_MS = 3000; // when the server answers and does not take what waits
const DRIFT_MS = 1; // how far two clocks may part between two answers
const STEADY_MS = 2000; // a larger step back is a clock that was wrong before
const POLL_MS = 15000; // hints may be missed

// Half a character cannot be sent as text: it becomes the sign for one that is missing.
function wellFormed(entry) {
  return JSON.parse(
    JSON.stringify(entry, (_, found) =>
      typeof found === "string" && found.toWellFormed ? found.toWellFormed() : found,
    ),
  );
}

export class Line {
  // `watched`: the session at which this device counts as present, "" for none.
  constructor(owner, watched = "") {
    this.owner = owner;
    this.watched = watched;
    this.device = deviceName();
    this.offset = stored("is:offset", 0); // server's clock minus this tablet's, ms
    [this.least, this.most] = [-Infinity, Infinity]; // between which it must be
    this.online = false;
    this.lowOnSpace = false; // whether the server's disk is nearly full, as its last answer said
    this.present = 0; // devices at the watched session, this one too
    this.unsent = new Map(); // session → a sentence, where the server would not take what waits
    this.batches = new Map(); // session → how many entries are sent at once, where a batch was refused whole
    this.refresh();
    this.wake = () => this.hurry();
    this.seen = () => (document.hidden ? this.hush() : this.hurry());
    this.elsewhere = () => (this.refresh(), this.owner.changed()); // another window of this browser
  }

  start() {
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

  refresh() {
    this.waiting = pending();
    this.refused = aside();
    this.safe = !unsafe();
  }

  // A new entry: kept, then drawn, then sent. `landed`: when the finger touched; `at`: when it happened, if earlier.
  enter(session, kind, data, by, { landed, at } = {}) {
    const last = stored("is:last", { tapped: 0, seq: 0 });
    const stamp = landed ?? this.now();
    const behind = last.tapped - stamp; // a small correction of the clock must not turn the order of taps round
    const tapped = behind > 0 && behind < STEADY_MS ? last.tapped : stamp;
    const seq = last.seq + 1;
    keep("is:last", { tapped, seq });
    const happened = Math.min(at ?? tapped, tapped);
    const event = wellFormed({
      id: randomId(),
      session,
      kind,
      at: happened,
      tapped,
      device: this.device,
      seq,
      by,
      data,
    });
    put(event);
    this.refresh();
    this.owner.changed();
    this.flush();
    return event;
  }

  hurry() {
    if (this.stopped) return;
    this.flush();
    this.owner.again();
    this.listen();
  }

  // Sends what waits. A session that the server does not take is left for later: it holds up no other.
  async flush() {
    if (this.sending || this.stopped) return;
    this.sending = true;
    const stuck = new Set();
    try {
      for (let batch = this.next(stuck); batch.length && !this.stopped; batch = this.next(stuck)) {
        if (!(await this.send(batch))) stuck.add(batch[0].session);
        this.refresh();
        this.owner.changed();
      }
    } catch {
      this.offline();
      this.owner.changed();
    }
    this.sending = false;
    if (stuck.size) this.later(STUCK_MS);
  }

  // The entries to be sent next, all of one session: the watched one's first.
  next(stuck) {
    const ready = this.waiting.filter((event) => !stuck.has(event.session));
    const session = (ready.find((event) => event.session === this.watched) ?? ready[0])?.session;
    return ready.filter((event) => event.session === session).slice(0, this.batches.get(session) ?? BATCH);
  }

  // Whether anything came of it: entries taken, set aside, or to be sent in smaller parts.
  async send(batch) {
    const [{ session }] = batch;
    const { status, body } = await this.call(`/api/sessions/${session}/taps`, { events: batch });
    if (Array.isArray(body.acked)) return this.settled(batch, body);
    this.unsent.set(session, body.error ?? null);
    if (status !== 400 && status !== 413 && status !== 422) return false;
    // A batch refused whole is sent in halves, so that one entry that cannot be read holds up no other.
    if (batch.length === 1) setAside(batch[0], body.error ?? "The server could not read it.");
    this.batches.set(session, batch.length === 1 ? BATCH : Math.ceil(batch.length / 2));
    return true;
  }

  settled(batch, { acked, refused }) {
    const why = new Map(refused.map((one) => [one.id, one.why]));
    const taken = batch.filter((event) => acked.includes(event.id));
    const bad = batch.filter((event) => why.has(event.id));
    this.owner.acked?.(taken);
    taken.forEach(done);
    bad.forEach((event) => setAside(event, why.get(event.id)));
    this.unsent.delete(batch[0].session);
    this.batches.delete(batch[0].session);
    return taken.length + bad.length > 0;
  }

  listen() {
    if (this.stream && this.stream.readyState !== EventSource.CLOSED) return;
    this.stream = new EventSource(`/api/events?session=${this.watched}&device=${this.device}`);
    this.stream.onopen = () => (this.flush(), this.owner.hear({}));
    this.stream.onmessage = (message) => {
      const hint = JSON.parse(message.data);
      if (hint.present === undefined) this.owner.hear(hint);
      else (this.present = hint.present), this.owner.changed();
    };
    this.stream.onerror = () => {
      this.offline();
      this.owner.changed();
    };
  }

  hush() {
    this.stream?.close();
    this.stream = null;
    this.present = 0;
  }

  offline() {
    this.online = false;
    this.hush(); // the stream of a half-open line looks open for ever
    this.later(RETRY_MS);
  }

  later(wait) {
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.hurry(), wait);
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
      this.lowOnSpace = body.low_on_space === true;
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
