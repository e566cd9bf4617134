// Moments and spans as people read them, in the site's time zone where it set one, else the tablet's. Digits only: the
// words come with the protocol.
//
// Twin of core/engine/words.py, core/protocols/wording.py, core/site.py and pages/parts/frame/words.py.

import { ZONE } from "../link/storage_keys.js";

/** The site's time zone, as every page of the server writes it down; a browser may refuse to say. */
function siteZone() {
  try {
    return localStorage.getItem(ZONE) || undefined;
  } catch {
    return undefined;
  }
}

const zone = siteZone();
/** @param {Intl.DateTimeFormatOptions} parts */
const format = (parts) => new Intl.DateTimeFormat("en-GB", { hourCycle: "h23", ...parts, timeZone: zone });
const MINUTES = format({ hour: "2-digit", minute: "2-digit" });
const SECONDS = format({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
const DAY = format({ weekday: "short", day: "numeric", month: "short" });
const WEEKDAY_AND_MONTH = new Intl.DateTimeFormat("en-US", { weekday: "short", month: "short", timeZone: zone });
const WALL = format({
  year: "numeric",
  month: "numeric",
  day: "numeric",
  hour: "numeric",
  minute: "numeric",
  second: "numeric",
});

/**
 * "04:05", "1:04:05": a span that is watched.
 * @param {number} ms
 */
export function span(ms) {
  const seconds = Math.floor(Math.abs(ms) / 1000);
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  /** @param {number} number */
  const two = (number) => String(number).padStart(2, "0");
  return `${ms < 0 ? "−" : ""}${hours ? `${hours}:${two(minutes)}` : two(minutes)}:${two(rest)}`;
}

/**
 * "29 s", "12 min", "1 h 12 min", "3 d 4 h": a span that is read, not watched, in the units that say enough.
 * @param {number} ms
 */
export function inWords(ms) {
  const seconds = Math.floor(Math.abs(ms) / 1000);
  const units = [
    { amount: Math.floor(seconds / 86400), unit: "d" },
    { amount: Math.floor(seconds / 3600) % 24, unit: "h" },
    { amount: Math.floor(seconds / 60) % 60, unit: "min" },
    { amount: seconds % 60, unit: "s" },
  ];
  const largest = units.findIndex(({ amount }) => amount > 0);
  const first = largest < 0 ? units.length - 1 : largest;
  const said = units.slice(first, first + (first < 2 ? 2 : 1)); // minutes stand without their seconds
  return said
    .filter(({ amount }) => amount > 0 || said.length === 1)
    .map(({ amount, unit }) => `${amount} ${unit}`)
    .join(" ");
}

/**
 * A number as people read it: all digits of a whole one, of others ten: "300", "0.3", "1e+21"; never "-0".
 * @param {number} value
 */
export const number = (value) => String(Number.isInteger(value) ? value : Number(value.toPrecision(10)));

/**
 * What an entry holds, whatever its type is: a text as it stands, a number, yes or no; empty for nothing.
 * @param {unknown} content
 */
export function plainly(content) {
  if (typeof content === "boolean") return content ? "yes" : "no";
  if (typeof content === "number") return number(content);
  if (typeof content === "string") return content;
  return content === null || content === undefined ? "" : "unreadable";
}

/**
 * @param {number} ms
 * @param {boolean} [seconds]
 */
export function timeOfDay(ms, seconds = true) {
  return (seconds ? SECONDS : MINUTES).format(ms);
}

/**
 * "Mon, 23 Nov 10:30": a moment that may lie days away.
 * @param {number} ms
 */
export function dayAndTime(ms) {
  return `${DAY.format(ms)} ${timeOfDay(ms, false)}`;
}

const LAST_MS = 221_845_392_000_000; // 1 January 9000: stored moments may be any number

/**
 * "Mon 23 Nov 2026, 10:30": a moment of any year, as a sentence names it.
 * @param {number} ms
 */
export function moment(ms) {
  const within = Math.min(Math.max(Math.trunc(ms), 0), LAST_MS);
  const shown = new Date(wall(within));
  const names = Object.fromEntries(WEEKDAY_AND_MONTH.formatToParts(within).map(({ type, value }) => [type, value]));
  return `${names.weekday} ${shown.getUTCDate()} ${names.month} ${shown.getUTCFullYear()}, ${timeOfDay(within, false)}`;
}

/**
 * What the clocks on the wall show at a moment, as if they showed UTC: so that hours and days can be counted in it.
 * @param {number} ms
 */
export function wall(ms) {
  const part = Object.fromEntries(WALL.formatToParts(ms).map(({ type, value }) => [type, +value]));
  return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second);
}

/**
 * The moment at which the clocks on the wall show this.
 * @param {number} shown
 */
export function whenShown(shown) {
  const near = 2 * shown - wall(shown);
  return near - (wall(near) - shown); // once more, in case the clocks changed in between
}

/**
 * A bound in whole hours or minutes where it is so, else seconds.
 * @param {number} seconds
 */
export function duration(seconds) {
  const whole = [
    { size: 3600, unit: "h" },
    { size: 60, unit: "min" },
  ].find(({ size }) => seconds >= size && seconds % size === 0);
  return whole ? `${number(seconds / whole.size)} ${whole.unit}` : `${number(seconds)} s`;
}

/**
 * A sentence of the protocol with its words in braces filled in; a name is all that braces may hold.
 * @param {string} template
 * @param {Record<string, unknown>} words
 */
export function fill(template, words) {
  return template.replace(/\{(\w+)\}/g, (_, name) => (Object.hasOwn(words, name) ? String(words[name] ?? "") : ""));
}
