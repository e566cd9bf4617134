// The server's clock as this tablet knows it.

import { keep, stored } from "./outbox.js";
import { OFFSET } from "./storage_keys.js";

const DRIFT_MS = 1; // how far two clocks may part between two answers

export class ServerClock {
  /** @type {number} */
  offset = stored(OFFSET, 0); // server's clock minus this tablet's, ms …
  least = -Infinity; // … and between which it must be
  most = Infinity;

  now() {
    return Date.now() + Math.round(this.offset);
  }

  /**
   * The server's clock was read somewhere between sending and coming back: each answer narrows what the difference can
   * be. A clock that agrees within that is left alone, so that stamps do not wander with the network's delay.
   * @param {number} sent
   * @param {number} came
   * @param {unknown} server
   */
  correct(sent, came, server) {
    if (typeof server !== "number") return;
    const [least, most] = [server - came, server - sent];
    this.least = Math.max(this.least - DRIFT_MS, least);
    this.most = Math.min(this.most + DRIFT_MS, most);
    if (this.least > this.most) [this.least, this.most] = [least, most]; // one of the clocks was set anew
    if (this.offset >= this.least && this.offset <= this.most) return;
    this.offset = (this.least + this.most) / 2;
    keep(OFFSET, this.offset);
  }
}
