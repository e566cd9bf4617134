// What a card says at a moment, as plain text: drawn again only when it has changed.

import { calls, callStanding, expectedAtEnd } from "../model/aftercare.js";
import { dayAndTime, duration, inWords, span, timeOfDay } from "../model/format.js";
import { isEarly, startedBy, wardTimers } from "../model/timers.js";
import { unmet } from "../rules/evidence.js";
import { observed, observedOf, redFlags } from "./observations.js";

const SOON_MS = 5 * 60000; // how long before its end a timer is shown to end soon: the screen's, no limit of the ward
const DAY_MS = 24 * 3600000;
const FAR_MS = 12 * 3600000; // a moment further away than this is told with its day

// A timer's digits; days once it is a matter of days, as with a patient whom nobody discharged.
const digits = (ms) =>
  Math.abs(ms) < DAY_MS
    ? span(Math.abs(ms))
    : `${Math.floor(Math.abs(ms) / DAY_MS)} d ${Math.floor((Math.abs(ms) % DAY_MS) / 3600000)} h`;
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const told = (moment, now) => (Math.abs(moment - now) < FAR_MS ? timeOfDay(moment, false) : dayAndTime(moment));

/** {status, seen, title, sub, lacks, flags, width, big, small, early} */
export function faceOf(p, now) {
  const { m, stand, lit } = p;
  const { timer, next } = stand;
  const left = timer ? timer.ends - now : null;
  const [line] = observedOf(p);
  const parts = [...ran(p, now), line && observed(m, line)];
  return {
    status: statusOf(p, left),
    seen: lit.every((alarm) => alarm.seen),
    title: title(p, left),
    sub: parts.filter(Boolean).join(" · "),
    lacks: lacks(p),
    flags: redFlags(p),
    width: timer ? Math.min(100, (timer.elapsed(now) / timer.least) * 100).toFixed(1) : null,
    ...figures(stand, left, now),
    early: Boolean(next) && isEarly(m, next.marks, now),
  };
}

// Time left, or how long it has been due, in large digits, and the time of day that goes with it.
function figures({ timer, rank, since }, left, now) {
  if (timer?.met) return { big: digits(now - timer.running), small: `since ${told(timer.running, now)}` };
  if (left !== null)
    return {
      big: left > 0 ? digits(left) : `+${digits(left)}`,
      small: `${left > 0 ? "until" : "since"} ${told(timer.ends, now)}`,
    };
  if (rank === 2) return { big: told(since, now), small: "" };
  return { big: rank === 0 ? `+${digits(now - since)}` : "Done", small: `since ${told(since, now)}` };
}

// The colour: by the most urgent alarm, else by what the timer says.
function statusOf({ stand, lit }, left) {
  const urgent = lit.find((alarm) => alarm.priority !== "low");
  if (stand.rank === 2) return "left";
  if (urgent) return urgent.priority;
  if (left === null || stand.timer.met) return stand.rank ? "complete" : "soon";
  return left <= 0 ? "complete" : left <= SOON_MS ? "soon" : "running";
}

function title({ m, stand }, left) {
  const { timer } = stand;
  const outcome = m.protocol.outcome.find((one) => one.id === m.walk.outcome);
  if (outcome.closed) return outcome.label;
  if (!timer) return capital(m.state.label);
  if (left > 0 || timer.met) return timer.clock.label;
  return `${duration(timer.least / 1000)} reached${left > -60000 ? "" : ` ${inWords(left)} ago`}`;
}

// The timer in words, another that runs beside it, what the next action starts; once nothing runs, what has been.
function ran({ m, stand }, now) {
  const { timer, next } = stand;
  if (!timer) return [...sums(m), call(m, now)];
  const first = timer.met
    ? `again, ${inWords(timer.elapsed(now))} in all`
    : now < timer.ends
      ? `${inWords(timer.elapsed(now))} of ${duration(timer.least / 1000)}`
      : `${timer.clock.label} ${inWords(timer.elapsed(now))}`;
  const beside = wardTimers(m)
    .filter((one) => one.clock !== timer.clock)
    .map((one) => `${one.clock.label} ${inWords(one.elapsed(now))} of ${duration(one.least / 1000)}`);
  const then = startedBy(m, next?.marks ?? []);
  return [first, ...beside, then && `then ${then.clock.label} ${duration(then.below_s)}`];
}

const sums = ({ protocol, walk }) =>
  protocol.window
    .filter((window) => window.below_s !== null)
    .map((window) => {
      const [clock, reading] = [protocol.clock, walk.clocks].map((list) => list.find((one) => one.id === window.clock));
      return clock.sum && reading.end !== null && `${clock.label} ${inWords(reading.closed)}`;
    });

// The next follow-up call that is still to be made: when it is due, or since when it is overdue.
function call(m, now) {
  const open = calls(m).map((each) => ({ ...each, standing: callStanding(each, now) }));
  const waiting = open.filter(({ standing }) => ["coming", "due", "overdue"].includes(standing));
  const next = waiting.toSorted((first, second) => first.due_at - second.due_at).at(0);
  if (!next) return null;
  const overdue = next.standing === "overdue" ? next.late_at : null;
  return `${next.label} ${overdue === null ? "due" : "overdue since"} ${dayAndTime(overdue ?? next.due_at)}`;
}

// What should stand before the next action and does not: told beforehand, and of one who has left until it was entered.
function lacks({ m, stand }) {
  if (m.over !== null) return expectedAtEnd(m).join(", ");
  const expected = unmet(m.protocol, m.entries, stand.next?.marks.at(-1));
  return expected.map(({ label }) => label).join(", ");
}
