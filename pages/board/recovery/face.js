// What a card says at a moment, as plain text: drawn again only when it has changed.

import { callStanding, calls, expectedAtEnd } from "../model/aftercare.js";
import { dayAndTime, duration, inWords, span, timeOfDay } from "../model/format.js";
import { isEarly, startedBy, wardTimers } from "../model/timers.js";
import { unmet } from "../rules/evidence.js";
import { observed, observedOf } from "./observations.js";

/**
 * @import { Standing } from "../model/timers.js"
 * @import { Model } from "../rules/types.js"
 * @import { Patient } from "./patient.js"
 * @import { Face } from "./types.js"
 */

const SOON_MS = 5 * 60000; // how long before its end a timer is shown to end soon: the screen's, no limit of the ward
const DAY_MS = 24 * 3600000;
const FAR_MS = 12 * 3600000; // a moment further away than this is told with its day

/**
 * A timer's digits; days once it is a matter of days, as with a patient whom nobody discharged.
 * @param {number} ms
 */
function digits(ms) {
  const length = Math.abs(ms);
  if (length < DAY_MS) return span(length);
  return `${Math.floor(length / DAY_MS)} d ${Math.floor((length % DAY_MS) / 3600000)} h`;
}

/** @param {string} text */
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * @param {number} moment
 * @param {number} now
 */
const nearTime = (moment, now) => (Math.abs(moment - now) < FAR_MS ? timeOfDay(moment, false) : dayAndTime(moment));

/**
 * @param {Patient} patient
 * @param {number} now
 * @returns {Face}
 */
export function faceOf(patient, now) {
  const { model, stand, lit } = patient;
  const { timer, next } = stand;
  const left = timer ? timer.ends - now : null;
  const newest = observedOf(patient).at(0);
  const parts = [...timerWords(patient, now), newest && observed(model, newest)];
  return {
    status: statusOf(patient, left),
    seen: lit.every((alarm) => alarm.seen),
    title: title(patient, left),
    sub: parts.filter(Boolean).join(" · "),
    lacks: lacks(patient),
    flags: patient.flags,
    width: timer ? Math.min(100, (timer.elapsed(now) / timer.least) * 100).toFixed(1) : null,
    ...figures(stand, now),
    early: Boolean(next) && isEarly(model, next?.marks ?? [], now),
  };
}

/**
 * Time left, or how long it has been due, in large digits, and the time of day that goes with it.
 * @param {Standing} stand
 * @param {number} now
 */
function figures({ timer, rank, since }, now) {
  if (timer?.met) return { big: digits(now - timer.running), small: `since ${nearTime(timer.running, now)}` };
  if (timer) {
    const left = timer.ends - now;
    const end = nearTime(timer.ends, now);
    return left > 0 ? { big: digits(left), small: `until ${end}` } : { big: `+${digits(left)}`, small: `since ${end}` };
  }
  if (rank === 2) return { big: nearTime(since, now), small: "" };
  return { big: rank === 0 ? `+${digits(now - since)}` : "Done", small: `since ${nearTime(since, now)}` };
}

/**
 * The colour: by the most urgent alarm, else by what the timer says.
 * @param {Patient} patient
 * @param {number | null} left
 */
function statusOf({ stand, lit }, left) {
  const urgent = lit.find((alarm) => alarm.priority !== "low");
  if (stand.rank === 2) return "left";
  if (urgent) return urgent.priority;
  if (left === null || stand.timer?.met) return stand.rank ? "complete" : "soon";
  return left <= 0 ? "complete" : left <= SOON_MS ? "soon" : "running";
}

/**
 * @param {Patient} patient
 * @param {number | null} left
 */
function title({ model, stand }, left) {
  const { timer } = stand;
  const outcome = model.protocol.outcome.find(({ id }) => id === model.walk.outcome);
  if (outcome?.closed) return outcome.label;
  if (!timer || left === null) return capital(model.state.label);
  if (left > 0 || timer.met) return timer.clock.label;
  return `${duration(timer.least / 1000)} reached${left > -60000 ? "" : ` ${inWords(left)} ago`}`;
}

/**
 * The timer in words, another that runs beside it, what the next action starts; once nothing runs, what has been.
 * @param {Patient} patient
 * @param {number} now
 */
function timerWords({ model, stand }, now) {
  const { timer, next } = stand;
  if (!timer) return [...sums(model), nextCall(model, now)];
  const elapsed = inWords(timer.elapsed(now));
  const first = timer.met
    ? `again, ${elapsed} in all`
    : now < timer.ends
      ? `${elapsed} of ${duration(timer.least / 1000)}`
      : `${timer.clock.label} ${elapsed}`;
  const beside = wardTimers(model)
    .filter(({ clock }) => clock !== timer.clock)
    .map(({ clock, elapsed: gone, least }) => `${clock.label} ${inWords(gone(now))} of ${duration(least / 1000)}`);
  const then = startedBy(model, next?.marks ?? []);
  return [first, ...beside, then && `then ${then.clock.label} ${duration(then.below_s)}`];
}

/**
 * How long the clocks ran that have a least time and are over.
 * @param {Model} model
 */
const sums = ({ protocol, walk }) =>
  protocol.window
    .filter((window) => window.below_s !== null)
    .map((window) => {
      const clock = protocol.clock.find(({ id }) => id === window.clock);
      const reading = walk.clocks.find(({ id }) => id === window.clock);
      return clock?.sum && reading && reading.end !== null && `${clock.label} ${inWords(reading.closed)}`;
    });

/**
 * The next follow-up call that is still to be made: when it is due, or since when it is overdue.
 * @param {Model} model
 * @param {number} now
 */
function nextCall(model, now) {
  const next = calls(model)
    .filter((call) => ["coming", "due", "overdue"].includes(callStanding(call, now)))
    .sort((first, second) => first.due_at - second.due_at)
    .at(0);
  if (!next) return null;
  const overdue = callStanding(next, now) === "overdue" ? next.late_at : null;
  return `${next.label} ${overdue === null ? "due" : "overdue since"} ${dayAndTime(overdue ?? next.due_at)}`;
}

/**
 * What should stand before the next action and does not: told beforehand, and of one who has left until it was entered.
 * @param {Patient} patient
 */
function lacks({ model, stand }) {
  if (model.over !== null) return expectedAtEnd(model).join(", ");
  const expected = unmet(model.protocol, model.entries, stand.next?.marks.at(-1));
  return expected.map(({ label }) => label).join(", ");
}
