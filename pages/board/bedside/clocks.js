// The clocks of the phase, and the counter of insertions with its limit.

import { h } from "../controls/dom.js";
import { span, timeOfDay } from "../model/format.js";
import { headline } from "../model/model.js";

/**
 * @import { Clock, Protocol } from "../rules/tables.js"
 * @import { Model, Reading } from "../rules/types.js"
 */

/**
 * @param {Model} model
 * @param {number} now
 */
export function clocks(model, now) {
  const { protocol, walk } = model;
  const drawings = protocol.phase[model.phase].headline.map((id) => {
    const clock = protocol.clock.find((candidate) => candidate.id === id);
    const reading = walk.clocks.find((candidate) => candidate.id === id);
    return clock && reading && clockOf(clock, reading, protocol, now);
  });
  return h("section", { class: "clocks", "aria-label": "Clocks" }, drawings, counter(model));
}

/**
 * @param {Clock} clock
 * @param {Reading} reading
 * @param {Protocol} protocol
 * @param {number} now
 */
function clockOf(clock, { closed, running, end }, protocol, now) {
  const elapsed = closed + (running === null ? 0 : Math.max(0, now - running));
  const least = clock.sum
    ? (protocol.window.find((window) => window.clock === clock.id && window.below_s)?.below_s ?? null)
    : null;
  const started = running !== null || end !== null;
  const ends = least !== null && running !== null ? running + least * 1000 - closed : null;
  const note = ends === null ? "" : `${ends > now ? "ends" : "reached"} ${timeOfDay(ends, false)}`;
  return h(
    "div",
    { class: `clock ${running === null ? "" : "run"}`, key: clock.id },
    h("small", {}, clock.label, least !== null && h("span", { class: "of" }, ` of ${span(least * 1000)}`)),
    h("strong", { class: started ? "" : "idle" }, started ? span(elapsed) : "–"),
    note && h("span", { class: "note" }, note),
  );
}

/** @param {Model} model */
function counter(model) {
  const { label, total, group, limit, failed, tried, pending } = headline(model);
  const pips = Array.from({ length: limit }, (_, n) =>
    h("i", { class: n < failed ? "x" : n < tried ? (pending ? "h" : "ok") : "" }),
  );
  const words = group ? `${label} · at ${group}: ${failed} of ${limit} unsuccessful` : label;
  return h(
    "div",
    { class: "clock count", key: "count" },
    h("small", {}, group ? `${label} · at ${group}` : label),
    h("strong", {}, String(total)),
    group && h("span", { class: "pips", role: "img", "aria-label": words }, pips),
  );
}
