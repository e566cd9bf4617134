// The room's voice: says each prompt once and each change of phase; what was known when the room opened is not said.

import { keep, stored } from "../link/outbox.js";
import { ROOM_SPEECH } from "../link/storage_keys.js";
import { waitingPrompts } from "../model/model.js";
import { RANK } from "../model/prompts.js";
import { hush, say } from "../tablet/voice.js";

/** @import { Model } from "../rules/types.js" */

const ROUTINE = Object.keys(RANK).length; // less urgent than any prompt
const NO_FAULT = ["canceled", "interrupted", "not-allowed"]; // errors of a browser that has a voice

/** @param {{ kind: string, event: string }} prompt */
const nameOf = (prompt) => `${prompt.kind} ${prompt.event}`;

export class Speech {
  able = "speechSynthesis" in window;
  on = stored(ROOM_SPEECH, false) === true;
  mute = false; // whether the browser proved to have no voice
  touched = false; // whether speech was switched since this page was loaded
  /** @type {Set<string>} */
  done = new Set(); // the prompts that were said, or known before
  /** @type {number | null} */
  known = null; // entries that were there when the room opened
  /** @type {string | null} */
  phase = null;

  // A browser speaks only after a first touch on the page; it may have no voice at all.
  get label() {
    if (this.on && navigator.userActivation?.hasBeenActive === false) return "Speak: tap to allow";
    if (!this.on) return "Speak: off";
    return this.mute ? "Speak: no voice here" : "Speak: on";
  }

  /** @param {string} sample */
  toggle(sample) {
    const allows = this.on && !this.touched; // chosen before this page was loaded
    this.touched = true;
    this.on = allows || !this.on;
    keep(ROOM_SPEECH, this.on);
    if (this.on) this.say(sample, ROUTINE);
    else hush();
  }

  /**
   * @param {Model} model
   * @param {Model} before as it was when the room opened
   */
  hear(model, before) {
    for (const prompt of before.walk.prompts) this.done.add(nameOf(prompt));
    if (this.known !== before.entries.length) [this.known, this.phase] = [before.entries.length, before.phase];
    for (const prompt of waitingPrompts(model)) {
      if (!this.done.has(nameOf(prompt))) this.say(prompt.text, RANK[prompt.priority]);
      this.done.add(nameOf(prompt));
    }
    if (model.phase !== this.phase) this.say(model.protocol.phase[model.phase].label, ROUTINE);
    this.phase = model.phase;
  }

  /**
   * @param {string} text
   * @param {number} rank
   */
  say(text, rank) {
    if (!this.able || !this.on) return;
    say(text, rank, (error) => {
      this.mute = error !== null && !NO_FAULT.includes(error);
    });
  }

  stop() {
    if (this.able) hush();
  }
}
