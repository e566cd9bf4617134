// Buttons that write marks: tapped, or held where they end something.

/**
 * @import { Model } from "../rules/types.js"
 * @import { Taps } from "./taps.js"
 * @import { Attributes } from "./types.js"
 */

/**
 * What ends a procedure is held, everything else is tapped.
 * @param {Model} model
 * @param {Taps} screen
 * @param {string[]} marks
 * @returns {Attributes}
 */
export function tapOrHold(model, screen, marks, holds = endsIt(model, marks)) {
  if (!holds) return { onclick: (tap) => screen.mark(marks, tap) };
  return {
    "data-hold": true,
    onpointerdown: (tap) => screen.hold(marks, tap),
    onpointerup: screen.letGo,
    onpointerleave: screen.letGo,
    onpointercancel: screen.letGo,
    onclick: (tap) => screen.pressed(marks, tap),
    oncontextmenu: (tap) => tap.preventDefault(),
  };
}

/**
 * Whether the last of these marks ends the procedure.
 * @param {Model} model
 * @param {string[]} marks
 */
export function endsIt({ protocol, state }, marks) {
  const last = marks[marks.length - 1];
  return (
    protocol.state[state.open[last]]?.final ||
    protocol.outcome.some((outcome) => outcome.closed && outcome.marks.includes(last))
  );
}

/**
 * As it stands in a sentence; what is written in capitals stays so.
 * @param {string} text
 */
export const lower = (text) => text.replace(/\b[A-Z][a-z]+/g, (word) => word.toLowerCase());
