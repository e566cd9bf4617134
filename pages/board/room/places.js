// What the room view shows: the phase, its clocks, insertions and plan, and the prompt.

import { h } from "../controls/dom.js";
import { deadlines } from "../model/deadlines.js";
import { span, timeOfDay } from "../model/format.js";
import { headline, lastMark, waitingPrompts } from "../model/model.js";
import { carriedText, labelOf } from "../model/wording.js";
import { optionLabel } from "../rules/options.js";

/**
 * @import { Plan } from "../rules/tables.js"
 * @import { Model } from "../rules/types.js"
 */

const DEADLINES = 2; // the next that are shown

/**
 * @param {Model} model
 * @param {number} now
 */
export function phase(model, now) {
  const { protocol, phase: current, over } = model;
  const order = Object.keys(protocol.phase);
  const place = order.indexOf(current);
  return h(
    "section",
    { class: "phase", "aria-label": "Phase" },
    h(
      "div",
      { class: "steps", "aria-hidden": "true" },
      order.map((_, n) => h("i", { class: n < place ? "past" : n === place ? "now" : "" })),
    ),
    h(
      "small",
      {},
      h("span", {}, `Phase ${place + 1} of ${order.length}`),
      over && h("b", {}, `Ended: ${over}`),
      deadlines(model, now)
        .slice(0, DEADLINES)
        .map(({ label, at }) => h("span", { class: "next", key: label }, `${label} at ${timeOfDay(at, false)}`)),
    ),
    h("h1", { "data-fit": "line" }, protocol.phase[current].label),
  );
}

/**
 * @param {Model} model
 * @param {number} now
 */
export function clocks(model, now) {
  return h(
    "section",
    { class: "clocks", "aria-label": "Clocks" },
    model.protocol.phase[model.phase].headline.map((id) => clock(model, id, now)),
  );
}

/**
 * @param {Model} model
 * @param {string} id
 * @param {number} now
 */
function clock({ protocol, walk }, id, now) {
  const table = protocol.clock.find((candidate) => candidate.id === id);
  const reading = walk.clocks.find((candidate) => candidate.id === id);
  if (!table || !reading) return null;
  const { start, closed, running } = reading;
  const window = protocol.window.find((candidate) => candidate.clock === id && candidate.below_s);
  const least = table.sum ? (window?.below_s ?? null) : null;
  const ends = least !== null && running !== null ? running + least * 1000 - closed : null;
  const elapsed = closed + (running === null ? 0 : Math.max(0, now - running));
  return h(
    "div",
    { class: `clock ${running === null ? "" : "run"}`, key: id },
    h(
      "small",
      {},
      h("span", {}, table.label, least !== null && ` of ${span(least * 1000)}`),
      ends !== null &&
        h("b", { class: ends > now ? "" : "reached" }, `${ends > now ? "ends" : "reached"} ${timeOfDay(ends, false)}`),
    ),
    h("strong", { class: start === null ? "idle" : "", "data-fit": "line" }, start === null ? "–" : span(elapsed)),
  );
}

/** @param {Model} model */
export function facts(model) {
  const { label, total } = headline(model);
  return h(
    "section",
    { class: "facts", "aria-label": "Insertions and plan" },
    h(
      "div",
      { class: "fact count", key: "count" },
      h("small", {}, label),
      h("strong", { "data-fit": "line" }, String(total)),
    ),
    model.protocol.plan.map((plan) => planned(model, plan)),
  );
}

/**
 * What is planned of one value; the group stands beside how often it was tried.
 * @param {Model} model
 * @param {Plan} plan
 */
function planned(model, { key }) {
  const { protocol, walk } = model;
  const group = key === protocol.group;
  const option = walk.plan[key];
  return h(
    "div",
    { class: `fact ${group ? "group" : ""}`, key },
    h("small", {}, protocol.value[key].label),
    h(
      "strong",
      { class: option ? "" : "idle", "data-fit": group ? "line" : "lines" },
      option ? optionLabel(protocol, key, option) : "not chosen",
    ),
    group && tries(model),
  );
}

/** @param {Model} model */
function tries(model) {
  const { label, group, limit, failed, tried, pending } = headline(model);
  if (!group || limit <= 0) return false;
  const pips = Array.from({ length: limit }, (_, n) =>
    h("i", { class: n < failed ? "x" : n < tried ? (pending ? "h" : "ok") : "" }),
  );
  const words = `${label} at ${group}: ${tried} of ${limit}, ${failed} unsuccessful`;
  return h(
    "div",
    { class: "tries" },
    h("b", {}, `${tried} of ${limit}`),
    h("span", { class: "pips", role: "img", "aria-label": words }, pips),
  );
}

/**
 * The prompt's place is always there; without a prompt it tells what was recorded last.
 * @param {Model} model
 */
export function band(model) {
  const [first, ...others] = waitingPrompts(model);
  const more = others.length ? ` (+${others.length} more)` : "";
  return h(
    "section",
    { class: `band ${first?.priority ?? "empty"}`, "aria-label": "Prompts and alarms" },
    h("div", { role: "alert", "data-fit": "lines" }, first && h("p", {}, unbroken(first.text + more))),
    !first && h("p", { class: "last" }, lastText(model)),
  );
}

/**
 * "L3–L4" stays on one line.
 * @param {string} text
 */
const unbroken = (text) => text.split(/(\S*–\S*)/).map((part, n) => (n % 2 ? h("span", {}, part) : part));

/** @param {Model} model */
function lastText(model) {
  const entry = lastMark(model);
  if (!entry) return "Nothing recorded yet";
  const { protocol } = model;
  return [timeOfDay(entry.at), labelOf(protocol, entry), carriedText(protocol, entry)].filter(Boolean).join("  ·  ");
}
