// The questions that an entry still asks: an option, an amount by steps, or words.

import { labelOf } from "../model/wording.js";
import { fittingOptions } from "../rules/options.js";
import { h } from "./dom.js";

/**
 * @import { Value } from "../rules/tables.js"
 * @import { Entry, Model } from "../rules/types.js"
 * @import { Taps } from "./taps.js"
 * @import { Tap } from "./types.js"
 */

/**
 * @param {Model} model
 * @param {Taps} screen
 * @param {Entry} entry
 * @param {string} key
 * @param {boolean} named whether the entry is named nearby
 */
export function detail(model, screen, entry, key, named) {
  const { protocol } = model;
  const value = protocol.value[key];
  const needed = protocol.mark[entry.data.mark].needs.includes(key);
  const prefix = named ? "" : `${labelOf(protocol, entry)}: `;
  const question = needed ? `${value.label}?` : value.unit ? `${value.label}, ${value.unit}?` : value.label;
  const title = h("span", { class: `lab ${needed ? "need" : ""}` }, prefix + question);
  if (value.type === "option") return [title, options(model, screen, entry, key)];
  if (value.type === "number") return [title, stepper(screen, entry, key, value)];
  const openPanel = () => screen.open("detail", { entry: entry.event.id, key });
  return [title, h("button", { class: "btn wide", key, onclick: openPanel }, `${value.label}…`)];
}

/**
 * @param {Model} model
 * @param {Taps} screen
 * @param {Entry} entry
 * @param {string} key
 */
function options(model, screen, entry, key) {
  return h(
    "div",
    { class: "chips", key },
    fittingOptions(model, key, entry.data).map((option) =>
      h(
        "button",
        { class: "btn", key: option.id, onclick: (tap) => screen.detail(entry, key, option.id, tap) },
        option.short || option.label,
      ),
    ),
  );
}

/**
 * @param {Taps} screen
 * @param {Entry} entry
 * @param {string} key
 * @param {Value} value
 */
function stepper(screen, entry, key, value) {
  const amount = screen.amount(entry.event.id, key) ?? value.usual ?? value.min ?? 0;
  const size = value.step || 1;
  /** @param {number} by */
  const step = (by) => () => {
    const rounded = Math.round((amount + by) * 1000) / 1000;
    const within = Math.min(value.max ?? Infinity, Math.max(value.min ?? -Infinity, rounded));
    screen.setAmount(entry.event.id, key, within);
  };
  /** @type {(sign: string, label: string, by: number) => any} */
  const button = (sign, label, by) =>
    h("button", { class: "btn", "data-repeat": true, "aria-label": label, onclick: step(by) }, sign);
  return h(
    "div",
    { class: "stepper", key },
    button("−", `less ${value.label}`, -size),
    h("output", {}, String(amount)),
    button("+", `more ${value.label}`, size),
    h(
      "button",
      { class: "btn on", onclick: (/** @type {Tap} */ tap) => screen.detail(entry, key, amount, tap) },
      "Record",
    ),
  );
}
