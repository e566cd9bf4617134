// What the recorder has opened and half entered on a screen. None of it is in the record.

/** @import { Panel } from "./types.js" */

export const LATE_MS = 60000; // "late" is for the next tap, not for one much later

export class Opened {
  /** @type {{ at: number, since: number } | null} */
  late = null; // when the next tap happened, if earlier
  /** @type {string | null} */
  phase = null; // looked at, if not the current one
  /** @type {Panel | null} */
  panel = null;
  draft = ""; // what is typed into the panel
  /** @type {Map<string, number>} */
  amounts = new Map(); // what a stepper stands at, by event and key

  // A screen draws itself anew, and may bring a panel that was opened into sight.
  draw() {}
  /** @param {string} _panel */
  shown(_panel) {}

  /**
   * @param {string} name the panel's
   * @param {Record<string, any>} subject what it is about
   */
  open(name, subject = {}) {
    this.panel = { ...subject, name };
    this.draft = "";
    this.draw();
    this.shown(name);
  }
  close = () => {
    this.panel = null;
    this.draft = "";
    this.draw();
  };
  /** @param {string} text */
  setDraft(text) {
    this.draft = text;
    this.draw();
  }
  /** @type {(event: string, key: string) => number | undefined} */
  amount(event, key) {
    return this.amounts.get(`${event} ${key}`);
  }
  /** @type {(event: string, key: string, amount: number) => void} */
  setAmount(event, key, amount) {
    this.amounts.set(`${event} ${key}`, amount);
    this.draw();
  }
  /** @param {number | null} at */
  setLate(at) {
    this.late = at === null ? null : { at, since: performance.now() };
    this.close();
  }
}
