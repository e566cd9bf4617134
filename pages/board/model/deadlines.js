// What time will bring: bounds of the clocks that run, and timers that somebody set.

import { counts } from "../rules/log.js";
import { isNumber } from "../rules/lookup.js";
import { duration } from "./format.js";

/**
 * @import { Window } from "../rules/tables.js"
 * @import { Model, Walk } from "../rules/types.js"
 *
 * @typedef {{ label: string, at: number }} Deadline
 * @typedef {{ event: string, text: string, at: number }} SetTimer
 */

/**
 * When the clock of a window that runs reaches its bound; null where it does not run.
 * @param {Walk} walk
 * @param {Window} window
 */
export function boundAt({ clocks }, { clock, below_s, above_s }) {
  const reading = clocks.find(({ id }) => id === clock);
  if (!reading || reading.running === null || (below_s ?? above_s) === null) return null;
  return reading.running - reading.closed + ((below_s ?? above_s ?? 0) + (above_s ? 1 : 0)) * 1000;
}

/**
 * Timers that somebody set, each with its word: a note that says after how many seconds it is due.
 * @param {Model} model
 * @returns {SetTimer[]}
 */
export function setTimers({ entries }) {
  return entries
    .filter((entry) => entry.event.kind === "note" && counts(entry) && isNumber(entry.data.timer_s))
    .map(({ event, at, data }) => ({ event: event.id, text: `${data.text}`, at: at + data.timer_s * 1000 }));
}

/**
 * What is still to come, the next first.
 * @param {Model} model
 * @param {number} now
 * @returns {Deadline[]}
 */
export function deadlines(model, now) {
  const { protocol, walk, over } = model;
  if (over !== null) return [];
  const bounds = protocol.window.flatMap((window) => {
    const at = window.alarm && !window.alarm.cue ? boundAt(walk, window) : null;
    const label = protocol.clock.find(({ id }) => id === window.clock)?.label ?? "";
    return at === null ? [] : [{ label: `${label}: ${duration(window.below_s ?? window.above_s ?? 0)}`, at }];
  });
  const timers = setTimers(model).map(({ text, at }) => ({ label: text, at }));
  return [...bounds, ...timers].filter(({ at }) => at > now).sort((first, second) => first.at - second.at);
}
