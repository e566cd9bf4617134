// Whether this tablet can do without the server: the board's files are kept by the service worker, the log and the tables
// by localStorage. Only over https or on localhost does a browser allow it.

import { stands } from "../link/outbox.js";

export class Offline {
  constructor(onChange) {
    this.onChange = onChange;
    this.files = false;
    this.possible = "serviceWorker" in navigator;
    if (this.possible) this.register();
  }

  async register() {
    try {
      await navigator.serviceWorker.register("/sw.js");
      await navigator.serviceWorker.ready;
      this.files = true;
    } catch {
      this.possible = Boolean(navigator.serviceWorker?.controller); // a worker of an earlier visit still stands
      this.files = this.possible;
    }
    navigator.storage?.persist?.().catch(() => {});
    this.onChange();
  }

  // `copies`: what the screen needs of each session after a reload.
  message(copies) {
    const kept = copies.map((copy) => [copy.whole, stands(`is:tables:${copy.protocolHash}`)]).flat();
    if (!this.possible || kept.includes(null)) return "A reload needs the server";
    return this.files && !kept.includes(false) ? "Ready without network" : "Getting ready for no network…";
  }
}
