// A time of day as people type it: forgiving in form, strict in meaning, and worded before it is used.

import { dayAndTime, inWords, timeOfDay, wall, whenShown } from "./format.js";

/**
 * @typedef {object} TypedTime
 * @property {number | null} at the moment; null where there is none
 * @property {boolean} today whether it is of today; another day has to be asked
 * @property {string} text what was understood, or what was expected and found
 */

// The number pad of a tablet has no colon: 13:55, 13.55, 13,55, 13h55, 13 55 and 1355 are one time; seconds may follow.
const FORMS = [
  /^(\d{1,2})\s*[:.,h ]\s*(\d{2})(?:\s*[:.,m ]\s*(\d{2}))?$/i,
  /^(\d{1,2})(\d{2})$/,
  /^(\d{2})(\d{2})(\d{2})$/,
];
const AHEAD_MS = 5 * 60000; // the clock on the wall may be ahead of this tablet's by so much
const HALF_HOUR = 30 * 60000;
const DAY_MS = 24 * 3600000;
const EXAMPLE = "hours and minutes, as 13:55 or 1355";

/**
 * What was typed as the nearest moment in the past; a few minutes ahead means now.
 * @param {string} typed
 * @param {number} now
 * @returns {TypedTime}
 */
export function typedTime(typed, now) {
  const text = typed.trim();
  const parts = FORMS.map((form) => form.exec(text)).find(Boolean);
  if (!parts) return none(text ? `Expected ${EXAMPLE}; found “${text}”.` : `Type ${EXAMPLE}.`);
  const [hours, minutes, seconds] = [+parts[1], +parts[2], +(parts[3] ?? 0)];
  if (hours > 23 || minutes > 59 || seconds > 59)
    return none(`Expected hours from 0 to 23 and minutes from 0 to 59; found ${text}.`);
  const midnight = wall(now) - (wall(now) % DAY_MS);
  const shown = midnight + ((hours * 60 + minutes) * 60 + seconds) * 1000;
  const today = [shown, shown + DAY_MS] // just before midnight the clock on the wall may show tomorrow's
    .flatMap(momentsShowing)
    .findLast((moment) => moment <= now + AHEAD_MS);
  if (today !== undefined) return understood(Math.min(today, now), true);
  const yesterday = momentsShowing(shown - DAY_MS).at(-1);
  if (yesterday === undefined) return none(`There was no ${text} on that day: the clocks were put on.`);
  const ahead = momentsShowing(shown).at(0);
  const why = ahead === undefined ? "does not exist today" : `is still to come, in ${inWords(ahead - now)}`;
  return { ...understood(yesterday, false), text: `${text} ${why}. Was it yesterday?` };
}

/** @type {(text: string) => TypedTime} */
const none = (text) => ({ at: null, today: true, text });

/**
 * @param {number} at
 * @param {boolean} today
 * @returns {TypedTime}
 */
const understood = (at, today) => ({ at, today, text: today ? `Today, ${timeOfDay(at)}.` : dayAndTime(at) });

/**
 * The moments at which the clocks on the wall show this: two in the hour that comes twice, none in the one left out.
 * @param {number} shown
 */
function momentsShowing(shown) {
  const near = whenShown(shown);
  return [-2, -1, 0, 1, 2].map((step) => near + step * HALF_HOUR).filter((moment) => wall(moment) === shown);
}
