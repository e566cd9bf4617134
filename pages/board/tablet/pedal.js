// A Bluetooth pedal, a page-turner or a keyboard writes the primary mark, once switched on for this tablet. It never
// answers a prompt.

import { keep, stored } from "../link/outbox.js";
import { PEDAL } from "../link/storage_keys.js";

export const KEYS = ["PageDown", "PageUp", "Enter"];

export class Pedal {
  /** @type {boolean} */
  on = stored(PEDAL, false);

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
    if (!this.on || !KEYS.includes(key.key) || key.ctrlKey || key.altKey || key.metaKey) return;
    const [target] = key.composedPath();
    const typing = target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
    const pressing = key.key === "Enter" && target instanceof HTMLElement && target.matches("button, a[href]");
    if (typing || pressing) return;
    key.preventDefault();
    if (!key.repeat) this.onPress();
  };
}
