// Walks a protocol's tables over a log: state, counters, clocks, prompts with their proof, outcome.
//
// Pure and total: no order of events throws. It knows no phase, mark, clock or prompt by name. Moments and spans are
// milliseconds. Twin of core/engine/walk.py and core/engine/prompts.py.

import { caution } from "./cautions.js";
import { count, groupOf, read, total, watch } from "./figures.js";
import { counts, inOrderOf, settle } from "./log.js";
import { has, isText } from "./lookup.js";
import { listed } from "./review.js";
import { stepsOf } from "./steps.js";

/**
 * @import { Protocol } from "./tables.js"
 * @import { Entry, LogEvent, Raised, Step, Walk } from "./types.js"
 * @import { Proven } from "./figures.js"
 */

/**
 * The session that a log of events makes under `protocol`.
 * @param {Protocol} protocol
 * @param {LogEvent[]} events
 */
export function walk(protocol, events) {
  return walkEntries(protocol, settle(events, protocol.recording.two_devices_s * 1000));
}

/**
 * `walk` for a log that is settled already.
 * @param {Protocol} protocol
 * @param {Entry[]} entries
 * @returns {Walk}
 */
export function walkEntries(protocol, entries) {
  const steps = stepsOf(protocol, entries);
  /** @type {Proven[]} */
  const raised = [];
  const counted = protocol.counter.map((counter) => count(counter, steps, raised));
  const clocks = protocol.clock.map((clock) => read(clock, steps));
  const values = valuesOf(protocol, entries);
  const totals = protocol.total.map((table) => [table.id, total(table, steps, values, raised)]);
  watch(protocol, clocks, steps, raised);
  caution(protocol, entries, steps, raised);
  const opened = entries.find((entry) => entry.event.kind === "opened");
  const takeovers = entries.filter((entry) => entry.event.kind === "takeover" && counts(entry));
  const recorder = takeovers.sort(inOrderOf(takenOver)).at(-1) ?? opened;
  const astray = steps.filter((step) => step.turn === "astray" || step.turn === "none");
  const inferred = new Set(counted.flatMap((each) => each.inferred));
  const items = listed(protocol, entries, new Map(astray.map((step) => [step.entry.event.id, step.before])), inferred);
  return {
    state: steps.at(-1)?.after ?? protocol.start,
    outcome: outcome(protocol, steps),
    operator: operator(protocol, opened, steps),
    recorder: recorder?.event.device ?? "",
    recorded_by: recordedBy(recorder),
    counts: counted,
    clocks,
    totals: Object.fromEntries(totals),
    prompts: prompts(protocol, entries, steps, raised),
    review: items.filter((item) => item.review === null),
    reviewed: items.filter((item) => item.review !== null),
    checks: checks(protocol, entries),
    values: Object.fromEntries(values),
    plan: plan(protocol, entries),
  };
}

/**
 * When a take-over was made; a tablet whose clock is ahead does not keep recording until that time has come.
 * @param {Entry} entry
 */
const takenOver = ({ event }) => [
  typeof event.received === "number" ? Math.min(event.tapped, event.received) : event.tapped,
  event.seq,
  event.device,
  event.id,
];

/**
 * In the order of their proofs; those that are raised once, or not after some mark, only so.
 * @param {Protocol} protocol
 * @param {Entry[]} entries
 * @param {Step[]} steps
 * @param {Proven[]} raised
 */
function prompts(protocol, entries, steps, raised) {
  const answers = entries.filter((entry) => entry.event.kind === "answer" && counts(entry)).map((entry) => entry.data);
  /** @type {Raised[]} */
  const standing = [];
  for (const { n, prompt } of [...raised].sort((first, second) => first.n - second.n)) {
    const table = protocol.prompt[prompt.kind];
    if (table.once && standing.some((earlier) => earlier.kind === prompt.kind)) continue;
    if (steps.slice(0, n).some((step) => table.until.includes(step.mark))) continue;
    const answered = answers.some((data) => data.prompt === prompt.kind && data.of === prompt.event);
    /** @param {Step} step */
    const elsewhere = ({ mark, entry }) =>
      mark === table.other_group && groupOf(entry, protocol.group) !== prompt.group;
    const cleared = steps.slice(n + 1).some((step) => table.clears.includes(step.mark) || elsewhere(step));
    standing.push({ ...prompt, open: !answered && !cleared });
  }
  return standing;
}

/**
 * The outcome of the highest rank whose mark stands, of equal ranks the later; else the one that needs no mark.
 * @param {Protocol} protocol
 * @param {Step[]} steps
 */
function outcome(protocol, steps) {
  let best = protocol.outcome.find(({ marks, rank }) => marks.length === 0 && rank === 0);
  const stood = new Set();
  for (const { mark } of steps) {
    for (const candidate of protocol.outcome) {
      const inTime = !candidate.until.some((until) => stood.has(until));
      if (candidate.marks.includes(mark) && candidate.rank >= (best?.rank ?? 0) && inTime) best = candidate;
    }
    stood.add(mark);
  }
  return best?.id ?? "";
}

/**
 * @param {Protocol} protocol
 * @param {Entry | undefined} opened
 * @param {Step[]} steps
 */
function operator(protocol, opened, steps) {
  const changes = steps.filter((step) => step.mark === protocol.operator_mark).map((step) => step.entry);
  return [opened, ...changes].map((entry) => entry?.data.operator).findLast(isText) ?? "";
}

/** @param {Entry | undefined} recorder */
function recordedBy(recorder) {
  const name = recorder?.event.kind === "opened" ? recorder.data.recorder : recorder?.event.by;
  return isText(name) ? name : "";
}

/**
 * Check → the event that ticked it last.
 * @param {Protocol} protocol
 * @param {Entry[]} entries
 */
function checks(protocol, entries) {
  const ticks = entries.filter((entry) => entry.event.kind === "check" && counts(entry));
  const known = ticks.filter((entry) => has(protocol.check, entry.data.check));
  return Object.fromEntries(known.map((entry) => [entry.data.check, entry.event.id]));
}

/**
 * Value → what was recorded of it last; null where it was taken back.
 * @param {Protocol} protocol
 * @param {Entry[]} entries
 * @returns {Map<string, unknown>}
 */
function valuesOf(protocol, entries) {
  const recorded = entries.filter(({ event, data }) => event.kind === "value" && has(protocol.value, data.value));
  return new Map(recorded.filter(counts).map(({ data }) => [data.value, data.is ?? null]));
}

/**
 * What goes with the next mark: the last value chosen or carried.
 * @param {Protocol} protocol
 * @param {Entry[]} entries
 */
function plan(protocol, entries) {
  const chosen = new Map();
  for (const { event, data } of entries.filter(counts)) {
    if (event.kind !== "value" && event.kind !== "mark") continue;
    for (const { key } of protocol.plan) {
      const choice = data.value === key ? data.is : data[key];
      if (isText(choice)) chosen.set(key, choice);
    }
  }
  return Object.fromEntries(chosen);
}
