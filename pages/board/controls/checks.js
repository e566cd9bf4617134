// A check to be ticked, and a value with what it is.

import { timeOfDay } from "../model/format.js";
import { shown } from "../model/wording.js";
import { h } from "./dom.js";

/**
 * @import { Value } from "../rules/tables.js"
 * @import { Model } from "../rules/types.js"
 * @import { Taps } from "./taps.js"
 */

/**
 * @param {Model} model
 * @param {Taps} screen
 * @param {string} id
 */
export function checkButton({ protocol, walk, entries }, screen, id) {
  const ticked = Object.hasOwn(walk.checks, id);
  const entry = entries.find(({ event }) => ticked && event.id === walk.checks[id]);
  return h(
    "button",
    {
      class: `tick ${ticked ? "on" : ""}`,
      key: id,
      role: "checkbox",
      "aria-checked": String(ticked),
      disabled: !screen.recorder,
      onclick: (tap) => screen.tickCheck(id, tap),
    },
    h("span", { class: "box", "aria-hidden": "true" }, ticked ? "✓" : ""),
    h("span", {}, protocol.check[id].label),
    entry && h("time", {}, timeOfDay(entry.at, false)),
  );
}

/**
 * @param {Model} model
 * @param {Taps} screen
 * @param {string} id
 */
export function valueButton({ protocol, walk }, screen, id) {
  const value = protocol.value[id];
  const reading = Object.hasOwn(walk.values, id) ? walk.values[id] : null;
  return h(
    "button",
    {
      class: `btn value ${lowness(value, reading)}`,
      key: id,
      disabled: !screen.recorder,
      onclick: () => screen.open("value", { id }),
    },
    h("small", {}, value.label),
    h("b", {}, reading === null ? "–" : shown(protocol, id, reading)),
  );
}

/**
 * The colour of a number that is too low.
 * @param {Value} value
 * @param {unknown} reading
 */
function lowness({ red_below, amber_below }, reading) {
  if (typeof reading !== "number") return "";
  if (red_below && reading < red_below) return "red";
  return amber_below && reading < amber_below ? "amber" : "";
}
