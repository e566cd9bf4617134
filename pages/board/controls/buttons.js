// Buttons that write marks: tapped, or held where they end something.

/**
 * @import { Model } from "../rules/types.js"
 * @import { Tap } from "../tablet/finger.js"
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
  return held(screen, (tap) => screen.mark(marks, tap));
}

/**
 * A button that is held: by keyboard it is pressed twice.
 * @param {Taps} screen
 * @param {(tap?: Tap) => void} then
 * @returns {Attributes}
 */
export function held({ finger }, then) {
  const letGo = () => finger.letGo();
  return {
    "data-hold": true,
    onpointerdown: (tap) => finger.hold(tap, then),
    onpointerup: letGo,
    onpointerleave: letGo,
    onpointercancel: letGo,
    onclick: (tap) => finger.pressed(tap, then),
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
