// What runs on a patient, and when the next action is due: always worked out from stored moments, so that a reload, a
// sleeping tablet, midnight or a change of the clocks alter nothing.
//
// Twin of core/facts/timers.py.

import { stepsOf } from "../rules/steps.js";
import { openMarks } from "./marks.js";
import { isOfWard, onWard, wardPrompts } from "./on_ward.js";
import { RANK } from "./prompts.js";

export { wardAlarms, wardMarks, wardPrompts } from "./on_ward.js";

/**
 * @import { Clock, Protocol, Window } from "../rules/tables.js"
 * @import { Alarm, Model, OpenMark } from "../rules/types.js"
 *
 * @typedef {object} Timer a clock that runs and has a least time; ms
 * @property {Clock} clock
 * @property {number} least
 * @property {number} running since when
 * @property {number} ends
 * @property {boolean} met the least time was reached before it ran again, so that nothing is awaited but its end
 * @property {(now: number) => number} elapsed
 *
 * @typedef {object} Standing where a patient stands; none of it depends on the time
 * @property {OpenMark | undefined} next the action that comes first
 * @property {Timer | undefined} timer what it ends, else what runs
 * @property {number} since when the state began
 * @property {number} came when the patient came to the ward
 * @property {number} rank 0 where a timer runs or comes next, 1 where none does, 2 who has left
 * @property {number} due since or until when nobody has to do anything
 *
 * @typedef {{ stand: Standing, lit: Alarm[] }} Waiting a patient: standing, and alarms that are lit
 */

/**
 * @param {Model} model
 * @returns {Timer[]}
 */
export function timers({ protocol, walk }) {
  return protocol.window.flatMap((window) => {
    const reading = walk.clocks.find(({ id }) => id === window.clock);
    const clock = clockOf(protocol, window);
    if (window.below_s === null || !clock || !reading || reading.running === null) return [];
    const { closed, running } = reading;
    const least = Math.round(window.below_s * 1000);
    return [
      {
        clock,
        least,
        running,
        ends: running + least - closed,
        met: closed >= least,
        elapsed: (/** @type {number} */ now) => closed + Math.max(0, now - running),
      },
    ];
  });
}

/**
 * The clocks of the ward, in the order in which the protocol shows them.
 * @param {Protocol} protocol
 */
const wardClocks = ({ phase }) => [
  ...new Set(Object.values(phase).flatMap(({ ward, headline }) => (ward ? headline : []))),
];

/**
 * The timers of the ward that run; one that was left running at the bedside is none of them.
 * @param {Model} model
 */
export function wardTimers(model) {
  const running = timers(model);
  return wardClocks(model.protocol).flatMap((id) => running.filter(({ clock }) => clock.id === id).slice(0, 1));
}

/**
 * What a patient on the recovery board awaits while nothing runs: the button that comes next, where it starts a clock of
 * the ward, and since when.
 * @param {Model} model
 */
export function waits(model) {
  const next = openMarks(model).near.at(0);
  if (!onWard(model) || wardTimers(model).length || !next || !startedBy(model, next.marks)) return null;
  return { label: next.label, since: sinceOf(model) };
}

/**
 * When the state began.
 * @param {Model} model
 */
const sinceOf = ({ protocol, entries, openedAt }) =>
  stepsOf(protocol, entries).findLast(({ before, after }) => before !== after)?.entry.at ?? openedAt;

/**
 * The running timer that one of these marks ends.
 * @param {Model} model
 * @param {string[]} marks
 */
export const timerOf = (model, marks) => timers(model).find(({ clock }) => marks.includes(clock.to));

/**
 * Whether these marks would end a timer before its least time.
 * @param {Model} model
 * @param {string[]} marks
 * @param {number} now
 */
export const isEarly = (model, marks, now) =>
  timers(model).some(({ clock, ends }) => marks.includes(clock.to) && now < ends);

/**
 * The ward's clock with a least time that one of these marks starts, and that time (s).
 * @param {Model} model
 * @param {string[]} marks
 */
export function startedBy({ protocol }, marks) {
  const started = protocol.window.flatMap((window) => {
    const clock = clockOf(protocol, window);
    if (!clock || window.below_s === null || !marks.includes(clock.from)) return [];
    return wardClocks(protocol).includes(clock.id) ? [{ clock, below_s: window.below_s }] : [];
  });
  return started.at(0);
}

/**
 * @param {Protocol} protocol
 * @param {Window} window
 */
const clockOf = (protocol, window) => protocol.clock.find(({ id }) => id === window.clock);

/**
 * @param {Model} model
 * @returns {Standing}
 */
export function standing(model) {
  const { protocol } = model;
  const next = model.over === null ? openMarks(model).near.at(0) : undefined;
  const running = model.over === null ? wardTimers(model) : [];
  const timer = running.find(({ clock }) => next?.marks.includes(clock.to)) ?? running.at(0);
  const steps = stepsOf(protocol, model.entries);
  const since = sinceOf(model);
  const came = steps.find(({ after }) => isOfWard(protocol, protocol.state[after]))?.entry.at ?? model.openedAt;
  const timed = timer ?? startedBy(model, next?.marks ?? []);
  const rank = model.over !== null ? 2 : timed ? 0 : 1;
  const due = Math.min(dueAt(model, { timer, rank, since }), ...wardPrompts(model).map(({ at }) => at));
  return { next, timer, since, came, rank, due };
}

/**
 * Who waits for something without a time has waited since the last timer ended.
 * @param {Model} model
 * @param {Pick<Standing, "timer" | "rank" | "since">} standing
 */
function dueAt({ protocol, walk }, { timer, rank, since }) {
  if (timer) return Math.max(timer.ends, timer.running);
  if (rank !== 1) return since;
  const ends = protocol.window
    .filter((window) => window.below_s !== null)
    .map((window) => walk.clocks.find(({ id }) => id === window.clock)?.end ?? null)
    .filter((end) => end !== null);
  return ends.length ? Math.max(...ends) : since;
}

/**
 * Of alarms, those that nobody has seen first, then the most urgent, then what has waited longest.
 * @param {Alarm} first
 * @param {Alarm} second
 */
export const byWait = (first, second) =>
  Number(first.seen) - Number(second.seen) ||
  RANK[first.priority] - RANK[second.priority] ||
  first.since - second.since;

/**
 * Whoever needs an action first: an alarm that is lit, in the order of `byWait`; then what is due, or will be, by its
 * moment; who has left comes last, unless an alarm of theirs has not been seen.
 * @param {Waiting} first
 * @param {Waiting} second
 */
export function byNeed(first, second) {
  const [alarm, other] = [first, second].map(firstAlarm);
  if (alarm && other) return byWait(alarm, other);
  if (alarm || other) return alarm ? -1 : 1;
  return Number(first.stand.rank === 2) - Number(second.stand.rank === 2) || first.stand.due - second.stand.due;
}

/** @param {Waiting} patient */
const firstAlarm = ({ stand, lit }) => (stand.rank === 2 && lit.at(0)?.seen ? undefined : lit.at(0));
