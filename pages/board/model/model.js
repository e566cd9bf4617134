// What the board shows, worked out from the protocol's tables, the log and the walk. Names no phase, mark or prompt.
// Screens take from here whatever they ask of a model; alarms and timers, which go with the time, stand beside it.
//
// Twin of core/engine/session.py.

import { settle } from "../rules/log.js";
import { walkEntries } from "../rules/walk.js";
import { checksOf } from "./phases.js";

export { headline } from "./headline.js";
export { lacking } from "./lacking.js";
export { askedByPlan, ending, lastMade, lastMark, lastWanting, missingDetails } from "./last.js";
export { endsNext, openMarks } from "./marks.js";
export { checksOf, flags, planRows, tookPlace, valuesOf } from "./phases.js";
export { waitingPrompts } from "./prompts.js";

/**
 * @import { Protocol, State } from "../rules/tables.js"
 * @import { LogEvent, Model, Walk } from "../rules/types.js"
 */

/**
 * @param {Protocol} protocol
 * @param {LogEvent[]} events
 * @returns {Model}
 */
export function modelOf(protocol, events) {
  const entries = settle(events, protocol.recording.two_devices_s * 1000);
  const walk = walkEntries(protocol, entries);
  const opened = entries.find((entry) => entry.event.kind === "opened");
  const state = protocol.state[walk.state];
  return {
    protocol,
    entries,
    walk,
    state,
    over: overText(protocol, state, walk),
    opened: opened?.data ?? {},
    openedAt: opened?.at ?? entries.at(0)?.at ?? 0,
    phase: currentPhase(protocol, state, walk),
  };
}

/**
 * Why nothing more is awaited, if so.
 * @param {Protocol} protocol
 * @param {State} state
 * @param {Walk} walk
 */
function overText(protocol, state, walk) {
  const outcome = protocol.outcome.find(({ id }) => id === walk.outcome);
  return outcome && (outcome.closed || state.final) ? outcome.label : null;
}

/**
 * The first phase of the state with something left to tick, else its last.
 * @param {Protocol} protocol
 * @param {State} state
 * @param {Walk} walk
 */
function currentPhase(protocol, state, walk) {
  const unticked = state.phases.find((phase) =>
    checksOf(protocol, phase).some((check) => !Object.hasOwn(walk.checks, check)),
  );
  return unticked ?? state.phases[state.phases.length - 1];
}
