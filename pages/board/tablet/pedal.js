// A Bluetooth pedal, a page-turner or a keyboard writes the primary mark, once switched on for this tablet. It never
// answers a prompt.

import { keep, stored } from "../link/outbox.js";
import { PEDAL } from "../link/storage_keys.js";

const SCANNED_MS = 300; // a scanner types a code and ends it with Enter, quicker than a foot comes after a hand
export const KEYS = ["PageDown", "PageUp", "Enter"];

export class Pedal {
  /** @type {boolean} */
  on = stored(PEDAL, false);
  typed = -Infinity; // when the last other key came

  /** @param {() => void} onPress */
  constructor(onPress) {
    this.onPress = onPress;
    window.addEventListener("keydown", this.hear, true);
  }

  stop() {
    window.removeEventListener("keydown", this.hear, true);
  }

  toggle() {
    this.on = !this.on;
    keep(PEDAL, this.on);
  }

  /** @param {KeyboardEvent} key */
  hear = (key) => {
    if (key.key.length === 1) this.typed = key.timeStamp;
    const scanned = key.timeStamp - this.typed < SCANNED_MS;
    if (!this.on || scanned || !KEYS.includes(key.key) || key.ctrlKey || key.altKey || key.metaKey) return;
    const [target] = key.composedPath();
    const typing = target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
    const pressing = key.key === "Enter" && target instanceof HTMLElement && target.matches("button, a[href]");
    if (typing || pressing) return;
    key.preventDefault();
    if (!key.repeat) this.onPress();
  };
}
