// Counters, clocks and totals over the steps of a log, and the prompts that they raise.
//
// Twin of core/engine/clocks.py and core/engine/counters.py.

import { isNumber, isText, wholeSecond } from "./lookup.js";

/**
 * @import { Clock, Counter, Protocol, Total } from "./tables.js"
 * @import { Count, Entry, Raised, Reading, Step } from "./types.js"
 *
 * @typedef {{ n: number, prompt: Raised }} Proven `n`: the step that proved the prompt
 */

/**
 * The group that a mark names; "" where it names none.
 * @param {Entry} entry
 * @param {string | null} key
 */
export const groupOf = (entry, key) => (key !== null && isText(entry.data[key]) ? entry.data[key] : "");

/**
 * @param {string} kind
 * @param {number} at
 * @param {string} event
 * @param {Partial<Raised>} proof
 * @returns {Raised}
 */
export const raise = (kind, at, event, proof) => ({
  kind,
  at,
  event,
  group: null,
  count: null,
  bound: null,
  open: true,
  ...proof,
});

/**
 * How often a counter's mark stands, in all and by group; a limit that is reached is added to `raised`.
 * @param {Counter} counter
 * @param {Step[]} steps
 * @param {Proven[]} raised
 * @returns {Count}
 */
export function count(counter, steps, raised) {
  /** @type {Map<string, number>} */
  const numbers = new Map();
  /** @type {string[]} */
  const reached = [];
  /** @type {string[]} */
  const inferred = [];
  let [sum, runs, group, due, open] = [0, 0, "", false, false];
  /** @type {string | null} */
  let last = null;
  /** @type {(n: number, step: Step) => void} */
  const counted = (n, { entry }) => {
    sum += 1;
    runs += group !== last ? 1 : 0;
    last = group;
    const number = (numbers.get(group) ?? 0) + 1;
    numbers.set(group, number);
    const kind = promptOf(counter, reached, group, number);
    const proof = { group: counter.per !== null ? group : null, count: number };
    if (kind !== null) raised.push({ n, prompt: raise(kind, entry.at, entry.event.id, proof) });
  };
  for (const [n, step] of steps.entries()) {
    const { mark, entry } = step;
    if (counter.until.includes(mark)) break;
    if (counter.infer.includes(mark) && due && open) {
      inferred.push(entry.event.id);
      counted(n, step);
      due = false;
    }
    if (mark === (counter.of ?? counter.counts)) [group, due, open] = [groupOf(entry, counter.per), true, true];
    else if (counter.out.includes(mark)) due = false;
    else if (counter.infer_until.includes(mark)) open = false;
    if (mark === counter.counts && (due || !counter.in_turn)) {
      due = false;
      counted(n, step);
    }
  }
  return { id: counter.id, total: sum, runs, groups: [...numbers], reached, inferred };
}

/**
 * The prompt that a count raises: at the limit of a group, and where it `repeats` beyond; that of the groups once.
 * @param {Counter} counter
 * @param {string[]} reached
 * @param {string} group
 * @param {number} number
 */
function promptOf({ limit, repeats, groups, prompt, groups_prompt }, reached, group, number) {
  if (!limit || number < limit || (number > limit && !repeats)) return null;
  const spent = groups !== null && reached.length >= groups;
  if (number === limit) reached.push(group);
  if (groups === null || reached.length < groups) return prompt ?? "";
  return spent ? null : (groups_prompt ?? "");
}

/**
 * @param {Clock} clock
 * @param {Step[]} steps
 */
export function read(clock, steps) {
  /** @type {Reading} */
  const reading = { id: clock.id, start: null, end: null, closed: 0, running: null, proof: null };
  for (const { mark, entry } of steps) {
    if (clock.until.includes(mark)) {
      reading.running = null;
      break;
    }
    const mayStart = (clock.sum || reading.end === null) && (reading.running === null || clock.restart);
    if (mark === clock.from && mayStart) {
      reading.running = wholeSecond(entry.at);
      if (reading.start === null || clock.restart) reading.start = reading.running;
    } else if (mark === clock.to && reading.running !== null) {
      reading.closed += wholeSecond(entry.at) - reading.running;
      [reading.end, reading.running, reading.proof] = [wholeSecond(entry.at), null, entry.event.id];
    }
  }
  return reading;
}

/**
 * The windows that an ended clock fell outside of, proved by the mark that ended it (whole seconds count).
 * @param {Protocol} protocol
 * @param {Reading[]} clocks
 * @param {Step[]} steps
 * @param {Proven[]} raised
 */
export function watch(protocol, clocks, steps, raised) {
  for (const { clock, below_s, above_s, prompt } of protocol.window) {
    const reading = clocks.find((candidate) => candidate.id === clock);
    if (prompt === null || !reading || reading.end === null || reading.proof === null) continue;
    const seconds = Math.floor(reading.closed / 1000);
    if ((below_s !== null && seconds < below_s) || (above_s !== null && seconds > above_s)) {
      const n = steps.findIndex((step) => step.entry.event.id === reading.proof);
      raised.push({ n, prompt: raise(prompt, reading.end, reading.proof, { bound: below_s ?? above_s }) });
    }
  }
}

/**
 * The total, and a prompt at the mark that passes a ceiling which holds for this patient.
 * @param {Total} table
 * @param {Step[]} steps
 * @param {Map<string, unknown>} values
 * @param {Proven[]} raised
 */
export function total({ mark, key, factor, per, ceiling }, steps, values, raised) {
  const size = per === null ? null : values.get(per);
  const ceilings = ceiling.filter(({ when, at_least }) => {
    const value = values.get(when);
    return isNumber(value) && value >= at_least;
  });
  let amount = 0;
  for (const [n, step] of steps.entries()) {
    const dose = step.entry.data[key];
    if (step.mark !== mark || !isNumber(dose)) continue;
    const before = amount;
    amount += dose * factor;
    for (const { prompt, limit, per_limit } of ceilings) {
      const bound = per_limit !== null && isNumber(size) ? Math.min(limit, per_limit * size) : limit;
      if (before <= bound && bound < amount) {
        raised.push({ n, prompt: raise(prompt, step.entry.at, step.entry.event.id, { bound }) });
      }
    }
  }
  return amount;
}
