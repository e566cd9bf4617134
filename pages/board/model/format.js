// Moments and spans as people read them, in the site's time zone where it set one, else the tablet's. Digits only: the
// words come with the protocol.

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
 * "12 min", "1 h 12 min": a span that is read, not watched.
 * @param {number} ms
 */
export function inWords(ms) {
  const minutes = Math.floor(Math.abs(ms) / 60000);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
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

/**
 * What the clocks on the wall show at a moment, as if they showed UTC: so that hours and days can be counted in it.
 * @param {number} ms
 */
function wall(ms) {
  const part = Object.fromEntries(WALL.formatToParts(ms).map(({ type, value }) => [type, +value]));
  return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second);
}

/**
 * The moment at which the clocks on the wall show this.
 * @param {number} shown
 */
function whenShown(shown) {
  const near = 2 * shown - wall(shown);
  return near - (wall(near) - shown); // once more, in case the clocks changed in between
}

/**
 * "12:04" or "12:04:30" today, or on the day before if that is the nearest in the past.
 * @param {string} text
 * @param {number} now
 */
export function momentOf(text, now) {
  const match = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (!match) return null;
  const shown = new Date(wall(now));
  shown.setUTCHours(+match[1], +match[2], +(match[3] || 0), 0);
  const today = whenShown(shown.getTime());
  return today <= now ? today : whenShown(shown.setUTCDate(shown.getUTCDate() - 1));
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
  return whole ? `${seconds / whole.size} ${whole.unit}` : `${seconds} s`;
}

/**
 * A sentence of the protocol with its words in braces filled in.
 * @param {string} template
 * @param {Record<string, unknown>} words
 */
export function fill(template, words) {
  return template.replace(/\{(\w+)\}/g, (_, name) => String(words[name] ?? ""));
}
