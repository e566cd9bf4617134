// What needs attention now: prompts that wait, and running clocks that reached a bound. Worked out from tables, log and time
// alone, so that a tablet that slept says the same when it wakes. Silence, acknowledge and act are three things: silence is
// this tablet's, an acknowledgement is an entry, and only acting (or passing with a reason) puts an alarm out.

import { counts } from "../rules/log.js";
import { boundAt, setTimers } from "./deadlines.js";
import { duration, fill, timeOfDay } from "./format.js";
import { RANK, waitingPrompts } from "./prompts.js";

export { gauge } from "./gauge.js";

/**
 * @import { Protocol, Window } from "../rules/tables.js"
 * @import { Alarm, Model, WaitingPrompt, Walk } from "../rules/types.js"
 *
 * @typedef {Omit<Alarm, "seen">} Raised an alarm, whoever has seen it
 */

/** @type {(first: Pick<Alarm, "priority" | "since">, second: Pick<Alarm, "priority" | "since">) => number} */
export const byUrgency = (first, second) => RANK[first.priority] - RANK[second.priority] || second.since - first.since;

/**
 * Every alarm, the most urgent first.
 * @param {Model} model
 * @param {number} now
 * @returns {Alarm[]}
 */
export function alarms(model, now) {
  const seen = acknowledged(model);
  const raised = [
    ...ofState(model),
    ...waitingPrompts(model)
      .filter((prompt) => stillAsked(model, prompt))
      .map(ofPrompt),
    ...model.protocol.window.flatMap((window) => ofWindow(model, window, now)),
    ...ofTimers(model, now).filter(({ id }) => !seen.has(id)),
  ];
  return raised.map((alarm) => ({ ...alarm, seen: seen.has(alarm.id) })).sort(byUrgency);
}

/** @param {Model} model */
function acknowledged({ entries }) {
  const acknowledgements = entries.filter((entry) => entry.event.kind === "ack" && counts(entry));
  return new Set(acknowledgements.map(({ data }) => `${data.alarm} ${data.of}`));
}

/**
 * After the end nothing is done any more: what asks for an action stays in the record alone, a question is asked until it
 * is answered. Of what was opened by mistake nothing is asked.
 * @param {Model} model
 * @param {WaitingPrompt} prompt
 */
const stillAsked = ({ over, state }, { table }) => over === null || (state.final && table.action === null);

/**
 * @param {WaitingPrompt} prompt
 * @returns {Raised}
 */
function ofPrompt(prompt) {
  return {
    id: `${prompt.kind} ${prompt.event}`,
    kind: prompt.kind,
    of: prompt.event,
    priority: prompt.priority,
    text: prompt.text,
    say: prompt.say || prompt.text,
    since: prompt.at,
    prompt,
  };
}

/**
 * A state that is itself an alarm, as long as it lasts: since the mark that led there.
 * @param {Model} model
 * @returns {Raised[]}
 */
function ofState({ walk, state, entries, over }) {
  const entry = entries.findLast((candidate) => candidate.event.kind === "mark" && counts(candidate));
  if (!state.alarm || over !== null || !entry) return [];
  const { priority, text, say } = state.alarm;
  const [act] = Object.keys(state.open);
  const { kind, of } = { kind: walk.state, of: entry.event.id };
  return [{ id: `${kind} ${of}`, kind, of, priority, text, say: say || text, since: entry.at, act }];
}

/**
 * A window whose clock runs and has reached its bound: at the bound where less would be short, past it where more is long.
 * @param {Model} model
 * @param {Window} window
 * @param {number} now
 * @returns {Raised[]}
 */
function ofWindow({ protocol, walk, over }, window, now) {
  const reading = walk.clocks.find((clock) => clock.id === window.clock);
  const bound = boundAt(walk, window);
  if (!reading || reading.running === null || bound === null || over) return [];
  if (window.below_s !== null && bound <= reading.running) return []; // its least time was reached before it ran again
  const ahead = now < bound;
  const alarm = ahead ? window.warning : window.alarm;
  const since = bound - (ahead ? (window.warn_s ?? 0) * 1000 : 0);
  if (!alarm || now < since) return [];
  const words = { bound: duration(window.below_s ?? window.above_s ?? 0), until: timeOfDay(bound, false) };
  const { priority, text, say, cue } = alarm;
  const { kind, of } = { kind: ahead ? `${window.id}.ahead` : window.id, of: `${reading.running}` };
  return [
    {
      id: `${kind} ${of}`,
      kind,
      of,
      priority,
      text: fill(text, words),
      say: fill(say || text, words),
      since,
      cue,
      ahead,
      act: cue || ahead ? null : markThatEnds(protocol, walk, window),
    },
  ];
}

/**
 * Timers that somebody set and that have run out: until they were seen.
 * @param {Model} model
 * @param {number} now
 * @returns {Raised[]}
 */
function ofTimers(model, now) {
  if (model.over) return [];
  return setTimers(model)
    .filter(({ at }) => at <= now)
    .map(({ event, text, at }) => ({
      id: `timer ${event}`,
      kind: "timer",
      of: event,
      priority: "medium",
      text: `${text}: time is up.`,
      say: `${text}: time is up.`,
      since: at,
      act: null,
    }));
}

/**
 * @param {Protocol} protocol
 * @param {Walk} walk
 * @param {Window} window
 */
function markThatEnds(protocol, walk, window) {
  const clock = protocol.clock.find(({ id }) => id === window.clock);
  return clock && Object.hasOwn(protocol.state[walk.state].open, clock.to) ? clock.to : null;
}
