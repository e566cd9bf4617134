// A Bluetooth pedal, a page-turner or a keyboard writes the primary mark, once switched on for this tablet. It never
// answers a prompt.

import { keep, stored } from "../link/outbox.js";

export const KEYS = ["PageDown", "PageUp", "Enter"];

export class Pedal {
  constructor(press) {
    this.press = press;
    this.on = stored("is:pedal", false);
    this.heard = (key) => this.hear(key);
    window.addEventListener("keydown", this.heard, true);
  }

  stop() {
    window.removeEventListener("keydown", this.heard, true);
  }

  toggle() {
    this.on = !this.on;
    keep("is:pedal", this.on);
  }

  hear(key) {
    if (!this.on || !KEYS.includes(key.key) || key.ctrlKey || key.altKey || key.metaKey) return;
    const [target] = key.composedPath();
    const typing = target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
    const pressing = key.key === "Enter" && target instanceof HTMLElement && target.matches("button, a[href]");
    if (typing || pressing) return;
    key.preventDefault();
    if (!key.repeat) this.press();
  }
}
