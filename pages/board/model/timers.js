// What runs on a patient, and when the next action is due: always worked out from stored moments, so that a reload, a
// sleeping tablet, midnight or a change of the clocks alter nothing.

import { stepsOf } from "../rules/steps.js";
import { alarms, RANK } from "./alarms.js";
import { openMarks, waitingPrompts } from "./model.js";

/**
 * The clocks that run and have a least time: {clock, least, running, ends, met, elapsed(now)}; ms. `met`: the least time
 * was reached before it ran again, so that nothing is awaited but its end.
 */
export function timers({ protocol, walk }) {
  return protocol.window
    .filter((window) => window.below_s !== null)
    .flatMap((window) => {
      const { closed, running } = walk.clocks.find((one) => one.id === window.clock);
      if (running === null) return [];
      const [clock, least] = [protocol.clock.find((one) => one.id === window.clock), window.below_s * 1000];
      return [
        {
          clock,
          least,
          running,
          ends: running + least - closed,
          met: closed >= least,
          elapsed: (now) => closed + Math.max(0, now - running),
        },
      ];
    });
}

/** The running timer that one of these marks ends. */
export const timerOf = (m, marks) => timers(m).find(({ clock }) => marks.includes(clock.to));

/** Whether these marks would end a timer before its least time. */
export const isEarly = (m, marks, now) => timers(m).some(({ clock, ends }) => marks.includes(clock.to) && now < ends);

/** The clock with a least time that one of these marks starts, and that time (s). */
export function startedBy({ protocol }, marks) {
  const window = protocol.window.find((one) => one.below_s !== null && marks.includes(clockOf(protocol, one).from));
  return window && { clock: clockOf(protocol, window), below_s: window.below_s };
}

const clockOf = (protocol, window) => protocol.clock.find((one) => one.id === window.clock);

/**
 * Where a patient stands: `next`, the action that comes first; `timer`, what it ends, else what runs; `since`, when the
 * state began; `came`, when the patient came to the ward; `rank`: 0 where a timer runs or comes next, 1 where none does,
 * 2 who has left; `due`, since or until when nobody has to do anything. None of it depends on the time.
 */
export function standing(m) {
  const next = m.over === null ? openMarks(m).near[0] : undefined;
  const timer = m.over === null ? (timerOf(m, next?.marks ?? []) ?? timers(m)[0]) : undefined;
  const steps = stepsOf(m.protocol, m.entries);
  const since = steps.findLast((one) => one.before !== one.after)?.entry.at ?? m.openedAt;
  const came = steps.find((one) => isOfWard(m.protocol, m.protocol.state[one.after]))?.entry.at ?? m.openedAt;
  const timed = timer ?? startedBy(m, next?.marks ?? []);
  const rank = m.over !== null ? 2 : timed ? 0 : 1;
  return {
    next,
    timer,
    since,
    came,
    rank,
    due: Math.min(dueAt(m, { timer, rank, since }), ...wardPrompts(m).map(({ at }) => at)),
  };
}

// Who waits for something without a time has waited since the last timer ended.
function dueAt(m, { timer, rank, since }) {
  if (timer) return Math.max(timer.ends, timer.running);
  const ends = m.protocol.window
    .filter((window) => window.below_s !== null)
    .map((window) => m.walk.clocks.find((one) => one.id === window.clock).end);
  return rank === 1 && ends.some((end) => end !== null) ? Math.max(...ends.filter((end) => end !== null)) : since;
}

/** Of alarms, those that nobody has seen first, then the most urgent, then what has waited longest. */
export const byWait = (one, other) =>
  one.seen - other.seen || RANK[one.priority] - RANK[other.priority] || one.since - other.since;

/**
 * Whoever needs an action first: an alarm that is lit, in the order of `byWait`; then what is due, or will be, by its moment;
 * who has left comes last, unless an alarm of theirs has not been seen.
 */
export function byNeed(one, other) {
  const [first, second] = [one, other].map(({ stand, lit }) => (stand.rank === 2 && lit[0]?.seen ? undefined : lit[0]));
  if (first && second) return byWait(first, second);
  if (first || second) return first ? -1 : 1;
  return (one.stand.rank === 2) - (other.stand.rank === 2) || one.stand.due - other.stand.due;
}

const isOfWard = (protocol, state) => protocol.phase[state.phases[0]].ward;
const wards = new WeakMap();

/** The marks of the states in which a patient stands on the board; calls have a page of their own. */
export function wardMarks(protocol) {
  if (!wards.has(protocol)) {
    const states = Object.values(protocol.state).filter((state) => isOfWard(protocol, state));
    const calls = protocol.follow_up.flatMap((call) => [call.made, call.tried]);
    wards.set(
      protocol,
      new Set(states.flatMap((state) => Object.keys(state.open)).filter((mark) => !calls.includes(mark))),
    );
  }
  return wards.get(protocol);
}

/** The prompts that wait and concern the ward. */
export function wardPrompts(m) {
  const marks = wardMarks(m.protocol);
  return waitingPrompts(m).filter(({ event }) =>
    marks.has(m.entries.find((line) => line.event.id === event)?.data.mark),
  );
}

/** The alarms that concern the ward: not what was left unanswered while the needle was in. */
export function wardAlarms(m, now) {
  const marks = wardMarks(m.protocol);
  const proof = (event) => m.entries.find((line) => line.event.id === event)?.data.mark;
  const ends = (kind) =>
    clockOf(
      m.protocol,
      m.protocol.window.find((one) => one.id === kind),
    ).to;
  const concerns = ({ kind, of, prompt }) =>
    prompt ? marks.has(proof(prompt.event)) : kind === m.walk.state || marks.has(ends(kind));
  return alarms(m, now).filter(concerns);
}
