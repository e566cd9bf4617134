// A page's one link to the server: sends what waits on this tablet, of every session; reads the server's clock; hears
// which session changed. A tap is kept before it is drawn, and keeps its stamp whatever happens on the way.

import { call, SignedOut } from "./call.js";
import { ServerClock } from "./clock.js";
import { acknowledged, deviceName, pending, put, refusals, setAside, unsafe } from "./outbox.js";
import { PROGRAM } from "./program.js";
import { stamped } from "./stamp.js";

/**
 * @import { LogEvent } from "../rules/types.js"
 *
 * @typedef {{ session?: string, version?: number }} Hint a session that changed; nothing where the stream has just opened
 *   and anything may have changed before
 *
 * @typedef {object} LinkOptions
 * @property {string} [watched] the session at which this device counts as present
 * @property {(hint: Hint) => void} onHint
 * @property {() => void} onChange what waits, what was refused, or the connection is another
 * @property {() => void} [onPoll] time to ask the server anew
 * @property {(events: LogEvent[]) => void} [onAcknowledged] entries that the server has now
 */

const BATCH = 100; // entries at once
const RETRY_MS = 1000;
const STUCK_MS = 3000; // when the server answers and does not take what waits
const POLL_MS = 15000; // hints may be missed

export class Link {
  device = deviceName();
  clock = new ServerClock();
  online = false;
  signedOut = false; // whether a proxy before the server asks for its sign-in
  /** @type {string | null} */
  program = null; // the server's version, as its last answer said
  lowOnSpace = false; // whether the server's disk is nearly full, as its last answer said
  stopped = false;
  present = 0; // devices at the watched session, this one too
  waiting = pending();
  refused = refusals();
  safe = !unsafe();
  /** @type {Map<string, string | null>} */
  unsent = new Map(); // session → a sentence, where the server would not take what waits
  /** @type {Map<string, number>} */
  batches = new Map(); // session → how many entries are sent at once, where a batch was refused whole
  sending = false;
  /** @type {EventSource | null} */
  stream = null;
  /** @type {number | undefined} */
  poll;
  /** @type {number | undefined} */
  retry;

  wake = () => this.hurry();
  turned = () => (document.hidden ? this.hush() : this.hurry());
  // Another window of this browser.
  elsewhere = () => {
    this.refresh();
    this.onChange();
  };

  /** @param {LinkOptions} options */
  constructor({ watched = "", onHint, onChange, onPoll = () => {}, onAcknowledged = () => {} }) {
    this.watched = watched;
    this.onHint = onHint;
    this.onChange = onChange;
    this.onPoll = onPoll;
    this.onAcknowledged = onAcknowledged;
  }

  start() {
    window.addEventListener("online", this.wake);
    window.addEventListener("storage", this.elsewhere);
    window.addEventListener("pageshow", this.wake); // also from the browser's cache of pages
    document.addEventListener("visibilitychange", this.turned);
    this.poll = setInterval(() => !document.hidden && this.hurry(), POLL_MS);
    this.hurry();
  }

  stop() {
    this.stopped = true;
    window.removeEventListener("online", this.wake);
    window.removeEventListener("storage", this.elsewhere);
    window.removeEventListener("pageshow", this.wake);
    document.removeEventListener("visibilitychange", this.turned);
    clearInterval(this.poll);
    clearTimeout(this.retry);
    this.hush();
  }

  now() {
    return this.clock.now();
  }

  // Whether the server is of another program than this page.
  get outdated() {
    return this.program !== null && PROGRAM !== "" && this.program !== PROGRAM;
  }

  refresh() {
    this.waiting = pending();
    this.refused = refusals();
    this.safe = !unsafe();
  }

  /**
   * A new entry: kept, then drawn, then sent.
   * @param {string} session
   * @param {string} kind
   * @param {LogEvent["data"]} data
   * @param {string} by
   * @param {{ landed?: number, at?: number }} [when] `landed`: when the finger touched; `at`: when it happened, if earlier
   */
  enter(session, kind, data, by, { landed, at } = {}) {
    const event = stamped({ session, kind, device: this.device, by, data }, landed ?? this.now(), at);
    put(event);
    this.refresh();
    this.onChange();
    this.flush();
    return event;
  }

  hurry() {
    if (this.stopped) return;
    this.flush();
    this.onPoll();
    this.listen();
  }

  // Sends what waits. A session that the server does not take is left for later: it holds up no other.
  async flush() {
    if (this.sending || this.stopped) return;
    this.sending = true;
    /** @type {Set<string>} */
    const stuck = new Set();
    try {
      for (let batch = this.next(stuck); batch.length && !this.stopped; batch = this.next(stuck)) {
        if (!(await this.send(batch))) stuck.add(batch[0].session);
        this.refresh();
        this.onChange();
      }
    } catch {
      this.offline();
      this.onChange();
    }
    this.sending = false;
    if (stuck.size) this.later(STUCK_MS);
  }

  /**
   * The entries to be sent next, all of one session: the watched one's first.
   * @param {Set<string>} stuck
   */
  next(stuck) {
    const ready = this.waiting.filter((event) => !stuck.has(event.session));
    const session = (ready.find((event) => event.session === this.watched) ?? ready[0])?.session;
    return ready.filter((event) => event.session === session).slice(0, this.batches.get(session) ?? BATCH);
  }

  /**
   * Whether anything came of it: entries taken, set aside, or to be sent in smaller parts.
   * @param {LogEvent[]} batch
   */
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

  /**
   * @param {LogEvent[]} batch
   * @param {{ acked: string[], refused: { id: string, why: string }[] }} answer
   */
  settled(batch, { acked, refused }) {
    const reasons = new Map(refused.map(({ id, why }) => [id, why]));
    const taken = batch.filter((event) => acked.includes(event.id));
    const bad = batch.filter((event) => reasons.has(event.id));
    this.onAcknowledged(taken);
    for (const event of taken) acknowledged(event);
    for (const event of bad) setAside(event, reasons.get(event.id) ?? "");
    this.unsent.delete(batch[0].session);
    this.batches.delete(batch[0].session);
    return taken.length + bad.length > 0;
  }

  listen() {
    if (this.stream && this.stream.readyState !== EventSource.CLOSED) return;
    this.stream = new EventSource(`/api/events?session=${this.watched}&device=${this.device}`);
    this.stream.onopen = () => {
      this.flush();
      this.onHint({});
    };
    this.stream.onmessage = (message) => {
      const hint = JSON.parse(message.data);
      if (hint.present === undefined) return this.onHint(hint);
      this.present = hint.present;
      this.onChange();
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
    this.hush(); // the stream of a half-open line looks open for ever
    this.later(this.signedOut ? STUCK_MS : RETRY_MS);
  }

  /** @param {number} wait */
  later(wait) {
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.hurry(), wait);
  }

  /**
   * @param {string} path
   * @param {object} [content]
   */
  async call(path, content) {
    const { status, body, program, sent, came } = await call(path, content).catch((error) => {
      this.signedOut = error instanceof SignedOut;
      throw error;
    });
    [this.online, this.signedOut, this.program] = [true, false, program];
    this.lowOnSpace = body.low_on_space === true;
    this.clock.correct(sent, came, body.now);
    return { status, body };
  }
}
