// The window of a running clock as a ring: too fast, in the window, too slow, and what flows per second.

import { gauge } from "../model/gauge.js";
import { duration, span } from "../model/format.js";
import { h } from "./dom.js";

/**
 * @import { Model } from "../rules/types.js"
 * @import { Taps } from "./taps.js"
 */

const RUNNING = { early: "too fast to end", good: "in the window", late: "too slow" };
const ENDED = { early: "too fast", good: "in the window", late: "too slow" };
const [SIZE, WIDTH] = [168, 16];
const RADIUS = (SIZE - WIDTH) / 2;

/**
 * @param {Model} model
 * @param {Taps} screen
 * @param {string} phase
 */
export function ringsOf(model, screen, phase) {
  return model.protocol.phase[phase].headline
    .map((clock) => ring(model, clock, screen.sync.now()))
    .filter((drawing) => drawing !== null);
}

/**
 * @param {Model} model
 * @param {string} clock
 * @param {number} now
 */
function ring(model, clock, now) {
  const reading = gauge(model, clock, now);
  if (!reading) return null;
  const { seconds, below, above, advised, zone, running } = reading;
  const advice = advised ? `Best ${duration(advised[0])} to ${duration(advised[1])}. ` : "";
  const verdict = (running ? RUNNING : ENDED)[zone];
  return h(
    "div",
    {
      class: `ring ${zone}`,
      key: clock,
      role: "img",
      "aria-label": `${span(seconds * 1000)}: ${verdict}. ${advice}${duration(below)} to ${duration(above)} allowed.`,
    },
    h(
      "span",
      { class: "dial", style: dial(seconds, below, above, advised) },
      h("span", { class: "hub" }, h("b", {}, span(seconds * 1000)), h("small", {}, verdict)),
    ),
    h(
      "div",
      { class: "by" },
      h("b", {}, rate(model, clock, seconds)),
      h("p", {}, advice),
      h("p", {}, `Limits ${duration(below)} to ${duration(above)}.`),
    ),
  );
}

/**
 * A dial drawn with one gradient: the windows as a quiet band, the time gone by as a full one.
 * @param {number} seconds
 * @param {number} below
 * @param {number} above
 * @param {[number, number] | null} advised
 */
function dial(seconds, below, above, advised) {
  const whole = above * 1.25; // a little room past the upper bound
  /** @param {number} time */
  const degrees = (time) => `${Math.min(360, (time / whole) * 360).toFixed(1)}deg`;
  const [low, high] = advised ?? [below, above];
  /** @type {[string, number, number][]} */
  const band = [
    ["var(--line)", 0, below],
    ["var(--go-soft)", below, low],
    ["var(--go-line)", low, high],
    ["var(--go-soft)", high, above],
    ["var(--amber-soft)", above, whole],
  ];
  const quiet = band.map(([colour, from, to]) => `${colour} ${degrees(from)} ${degrees(to)}`).join(",");
  const done = `var(--zone) 0 ${degrees(seconds)}, transparent ${degrees(seconds)}`;
  return `--quiet:conic-gradient(${quiet});--done:conic-gradient(${done});--size:${SIZE}px;--inner:${RADIUS * 2 - WIDTH}px`;
}

/**
 * @param {Model} model
 * @param {string} clock
 * @param {number} seconds
 */
function rate({ protocol, entries }, clock, seconds) {
  const key = protocol.clock.find(({ id }) => id === clock)?.amount;
  if (!key || seconds < 1) return "";
  const recorded = entries.findLast(({ undone, data }) => !undone && typeof data[key] === "number")?.data[key];
  const { unit, usual } = protocol.value[key];
  const amount = recorded ?? usual;
  return amount ? `${(amount / seconds).toFixed(3)} ${unit}/s for ${amount} ${unit}` : "";
}
