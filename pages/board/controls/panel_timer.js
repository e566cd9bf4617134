// A timer that somebody sets, with a word: it is an entry of the record, and rings on every tablet of the procedure.

import { h } from "./dom.js";
import { choices, field, title } from "./panel_parts.js";

/**
 * @import { Model } from "../rules/types.js"
 * @import { Taps } from "./taps.js"
 */

const MINUTES = [1, 2, 3, 5, 10, 15, 20, 30];

/**
 * @param {Model} _
 * @param {Taps} screen
 */
export function timerPanel(_, screen) {
  return [
    title("Timer: a word, then how long", screen),
    field(screen, "What it is for (optional)"),
    choices(
      MINUTES.map((minutes) =>
        h(
          "button",
          { class: "btn", key: `${minutes}`, onclick: (tap) => screen.setTimer(minutes, tap) },
          `${minutes} min`,
        ),
      ),
    ),
  ];
}
