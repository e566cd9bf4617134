// The window of a running clock as a ring: too fast, in the window, too slow, and what flows per second.

import { gauge } from "../model/alarms.js";
import { duration, span } from "../model/format.js";
import { h } from "./dom.js";

const ZONES = { early: "too fast to end", good: "in the window", late: "too slow" };
const [SIZE, WIDTH] = [168, 16];
const RADIUS = (SIZE - WIDTH) / 2;

export function rings(m, ui, phase) {
  return m.protocol.phase[phase].headline.map((clock) => ring(m, clock, ui.sync.now())).filter(Boolean);
}

function ring(m, clock, now) {
  const found = gauge(m, clock, now);
  if (!found) return null;
  const { seconds, below, above, advised, zone, running } = found;
  const whole = above * 1.25; // a little room past the upper bound
  const advice = advised ? `Best ${duration(advised[0])} to ${duration(advised[1])}. ` : "";
  const said = running ? ZONES[zone] : zone === "good" ? "in the window" : zone === "early" ? "too fast" : "too slow";
  return h(
    "div",
    {
      class: `ring ${zone}`,
      key: clock,
      role: "img",
      "aria-label": `${span(seconds * 1000)}: ${said}. ${advice}${duration(below)} to ${duration(above)} allowed.`,
    },
    h(
      "span",
      { class: "dial", style: dial(seconds, below, above, advised, whole) },
      h("span", { class: "hub" }, h("b", {}, span(seconds * 1000)), h("small", {}, said)),
    ),
    h(
      "div",
      { class: "by" },
      h("b", {}, rate(m, clock, seconds)),
      h("p", {}, advice),
      h("p", {}, `Limits ${duration(below)} to ${duration(above)}.`),
    ),
  );
}

// A dial drawn with one gradient: the windows as a quiet band, the time gone by as a full one.
function dial(seconds, below, above, advised, whole) {
  const degrees = (time) => `${Math.min(360, (time / whole) * 360).toFixed(1)}deg`;
  const [low, high] = advised ?? [below, above];
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

function rate(m, clock, seconds) {
  const key = m.protocol.clock.find((one) => one.id === clock).amount;
  if (!key || seconds < 1) return "";
  const given = m.entries.findLast((line) => !line.undone && typeof line.data[key] === "number")?.data[key];
  const { unit, usual } = m.protocol.value[key];
  const amount = given ?? usual;
  return amount ? `${(amount / seconds).toFixed(3)} ${unit}/s for ${amount} ${unit}` : "";
}
