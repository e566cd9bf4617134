// Whether this tablet can do without the server: the board's files are kept by the service worker, the log and the tables
// by localStorage. Only over https or on localhost does a browser allow it.

import { stands } from "../link/outbox.js";
import { tablesKey } from "../link/storage_keys.js";

export class Offline {
  files = false;
  possible = "serviceWorker" in navigator;

  /** @param {() => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
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

  /**
   * A sentence for the recorder.
   * @param {Pick<import("../link/copy.js").Copy, "whole" | "protocolHash">[]} copies what the screen needs after a reload
   */
  message(copies) {
    const safe = copies.flatMap((copy) => [copy.whole, stands(tablesKey(copy.protocolHash))]);
    if (!this.possible || safe.includes(null)) return "A reload needs the server";
    return this.files && !safe.includes(false) ? "Ready without network" : "Getting ready for no network…";
  }
}
