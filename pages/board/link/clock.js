// The server's clock as this tablet knows it. It goes on with the time since the page was loaded, which nobody can set:
// a tablet's own clock is put back and on while it has no network. That clock helps where the page knows no better.

import { keep, stored } from "./outbox.js";
import { LAST, OFFSET } from "./storage_keys.js";

const DRIFT_MS = 1; // how far two clocks may part between two answers
const SET_MS = 50; // a larger difference to the tablet's own clock is worth keeping

export class ServerClock {
  /** @type {number} */
  offset = stored(OFFSET, 0); // server's clock minus this tablet's, ms
  /** @type {number} */
  base; // the server's clock when the page was loaded …
  least = -Infinity; // … and between which it must have been
  most = Infinity;

  constructor() {
    // What was stamped before the page was loaded again is past, wherever the tablet's clock was set meanwhile.
    this.base = Math.max(this.wall(), stored(LAST, { tapped: 0 }).tapped) - performance.now();
    document.addEventListener("visibilitychange", () => document.hidden || this.woke());
  }

  now() {
    return Math.round(this.base + performance.now());
  }

  /** The server's time by the tablet's own clock. */
  wall() {
    return Date.now() + this.offset;
  }

  /** In some browsers the time since the page was loaded stands still while the tablet sleeps; then its clock is ahead. */
  woke() {
    this.base = Math.max(this.base, this.wall() - performance.now());
  }

  /**
   * The server's clock was read somewhere between sending and coming back (ms since the page was loaded): each answer
   * narrows what it can be. A clock that agrees within that is left alone, so that stamps do not wander with the
   * network's delay.
   * @param {number} sent
   * @param {number} came
   * @param {unknown} server
   */
  correct(sent, came, server) {
    if (typeof server !== "number") return;
    const [least, most] = [server - came, server - sent];
    this.least = Math.max(this.least - DRIFT_MS, least);
    this.most = Math.min(this.most + DRIFT_MS, most);
    if (this.least > this.most) [this.least, this.most] = [least, most]; // the server's clock was set, or the tablet slept
    if (this.base < this.least || this.base > this.most) this.base = (this.least + this.most) / 2;
    if (Math.abs(this.wall() - this.now()) < SET_MS) return;
    this.offset = this.now() - Date.now();
    keep(OFFSET, this.offset);
  }
}
