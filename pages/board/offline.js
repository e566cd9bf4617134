// Whether this tablet can do without the server: the board's files are kept by the service worker, the log and the tables
// by localStorage. Only over https or on localhost does a browser allow it.

import { fleeting, kept } from "./outbox.js";

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

  said({ session, protocolHash, stored }) {
    const log = `is:log:${session}`;
    if (!this.possible || fleeting(log) || fleeting(`is:tables:${protocolHash}`)) return "A reload needs the server";
    const copy = kept(log);
    const whole = copy?.events.length >= stored.size && kept(`is:tables:${protocolHash}`);
    return this.files && whole ? "Ready without network" : "Getting ready for no network…";
  }
}
