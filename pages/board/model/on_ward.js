// What concerns the ward: of marks, prompts and alarms, those of the states in which a patient stands on its board.

import { alarms } from "./alarms.js";
import { waitingPrompts } from "./prompts.js";

/**
 * @import { Protocol, State } from "../rules/tables.js"
 * @import { Alarm, Model } from "../rules/types.js"
 */

/**
 * @param {Protocol} protocol
 * @param {State} state
 */
export const isOfWard = (protocol, state) => protocol.phase[state.phases[0]].ward;

/**
 * Whether the patient stands on the recovery board.
 * @param {Model} model
 */
export const onWard = ({ protocol, state, over }) => over === null && isOfWard(protocol, state);

/** @type {WeakMap<Protocol, Set<string>>} */
const marksByProtocol = new WeakMap();

/**
 * The marks of the states in which a patient stands on the board; calls have a page of their own.
 * @param {Protocol} protocol
 */
export function wardMarks(protocol) {
  const known = marksByProtocol.get(protocol);
  if (known) return known;
  const states = Object.values(protocol.state).filter((state) => isOfWard(protocol, state));
  const calls = protocol.follow_up.flatMap((call) => [call.made, call.tried]);
  const marks = new Set(states.flatMap((state) => Object.keys(state.open)).filter((mark) => !calls.includes(mark)));
  marksByProtocol.set(protocol, marks);
  return marks;
}

/**
 * The mark that an event is.
 * @param {Model} model
 * @param {string} id
 */
const markOf = ({ entries }, id) => entries.find((entry) => entry.event.id === id)?.data.mark;

/**
 * The prompts that wait and concern the ward.
 * @param {Model} model
 */
export function wardPrompts(model) {
  const marks = wardMarks(model.protocol);
  return waitingPrompts(model).filter(({ event }) => marks.has(markOf(model, event)));
}

/**
 * The alarms that concern the ward: not what was left unanswered while the needle was in.
 * @param {Model} model
 * @param {number} now
 */
export function wardAlarms(model, now) {
  const marks = wardMarks(model.protocol);
  return alarms(model, now).filter(({ kind, prompt }) =>
    prompt
      ? marks.has(markOf(model, prompt.event))
      : kind === model.walk.state || marks.has(endOf(model.protocol, kind)),
  );
}

/**
 * The mark that ends the clock of a window.
 * @param {Protocol} protocol
 * @param {string} id the window's
 */
function endOf(protocol, id) {
  const window = protocol.window.find((candidate) => candidate.id === id);
  return protocol.clock.find((clock) => clock.id === window?.clock)?.to ?? "";
}
