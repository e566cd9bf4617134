// What a drill asked, what was done about it, and how late.
//
// Twin of core/drills/debrief.py.

import { counts } from "./log.js";

/** @import { Asked, Drill, DrillExpect, DrillStep, Entry, Model, Raised } from "./types.js" */

/**
 * What the team was asked, in order, and what it did.
 * @param {Drill} drill
 * @param {Model} model
 * @returns {Asked[]}
 */
export function debrief(drill, model) {
  const left = drill.step.map((step) => step.after.nth);
  /** @type {number[]} */
  const waiting = []; // steps that nothing has answered yet, the one that was set off last at the front
  /** @type {Map<number, Asked>} */
  const asked = new Map();
  for (const entry of model.entries.filter(counts)) {
    const place = waiting.findIndex((n) => isDone(entry, drill.step[n].expect));
    if (place >= 0) {
      const [n] = waiting.splice(place, 1);
      const task = /** @type {Asked} */ (asked.get(n));
      Object.assign(task, done(task, drill.step[n], entry));
    }
    const off = [];
    for (const [n, step] of drill.step.entries()) {
      left[n] -= setsOff(entry, step.after, model.walk.prompts);
      if (left[n] > 0 || asked.has(n)) continue;
      asked.set(n, taskOf(n, step, entry));
      off.push(n);
    }
    waiting.unshift(...off);
  }
  const last = model.entries.reduce((latest, entry) => Math.max(latest, entry.event.tapped), 0);
  // What would have been told only after the procedure had ended was never asked.
  const reached = [...asked.values()].filter(
    (task) => task.done_at !== null || model.over === null || task.asked_at <= last,
  );
  return reached.sort((first, second) => first.asked_at - second.asked_at || first.step - second.step);
}

/**
 * @param {number} n
 * @param {DrillStep} step
 * @param {Entry} entry
 * @returns {Asked}
 */
const taskOf = (n, { tell, wait_s }, entry) => ({
  step: n + 1,
  tell,
  asked_at: entry.event.tapped + wait_s * 1000,
  done_at: null,
  event: null,
  after_s: null,
  late_s: null,
});

/** @type {(keyof DrillExpect)[]} */
export const EXPECT = ["mark", "complication", "check", "value"];

/**
 * @param {Entry} entry
 * @param {DrillExpect} expect
 */
function isDone({ event, data }, expect) {
  const kind = EXPECT.find((key) => key === event.kind);
  return kind !== undefined && (data[kind] ?? null) !== null && data[kind] === expect[kind];
}

/**
 * How many times this entry is what a step waits for.
 * @param {Entry} entry
 * @param {DrillStep["after"]} after
 * @param {Raised[]} prompts
 */
function setsOff({ event, data }, after, prompts) {
  if (after.prompt !== null)
    return prompts.filter((prompt) => prompt.event === event.id && prompt.kind === after.prompt).length;
  return event.kind === "mark" && data.mark === after.mark ? 1 : 0;
}

/**
 * @param {Asked} asked
 * @param {DrillStep} step
 * @param {Entry} entry
 */
function done({ asked_at }, { within_s }, entry) {
  const seconds = Math.floor((entry.at - asked_at) / 1000);
  return { done_at: entry.at, event: entry.event.id, after_s: seconds, late_s: Math.max(0, seconds - within_s) };
}
