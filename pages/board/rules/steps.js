// The marks of a log on their way through the states of a protocol.
//
// Twin of core/engine/steps.py.

import { counts } from "./log.js";
import { has } from "./lookup.js";

/**
 * @import { Protocol } from "./tables.js"
 * @import { Entry, Step } from "./types.js"
 */

/**
 * Every mark that counts, with the state before and after it. A mark that the state does not know changes nothing.
 * @param {Protocol} protocol
 * @param {Entry[]} entries
 */
export function stepsOf(protocol, entries) {
  /** @type {Step[]} */
  const steps = [];
  let state = protocol.start;
  for (const entry of entries) {
    const { mark } = entry.data;
    if (entry.event.kind !== "mark" || !counts(entry) || !has(protocol.mark, mark)) continue;
    const step = { entry, mark, before: state, ...turnOf(protocol, state, mark) };
    steps.push(step);
    state = step.after;
  }
  return steps;
}

/**
 * @param {Protocol} protocol
 * @param {string} state
 * @param {string} mark
 * @returns {Pick<Step, "after" | "turn">}
 */
function turnOf(protocol, state, mark) {
  const { open, astray } = protocol.state[state];
  if (protocol.everywhere.includes(mark)) return { after: state, turn: "everywhere" };
  if (has(open, mark)) return { after: open[mark], turn: "open" };
  return has(astray, mark) ? { after: astray[mark], turn: "astray" } : { after: state, turn: "none" };
}
