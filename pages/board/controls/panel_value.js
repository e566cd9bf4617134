// The panel in which a value is given: by one tap, as a number, or in words.

import { optionsOf } from "../rules/options.js";
import { h } from "./dom.js";
import { choices, title, written } from "./panel_parts.js";

/**
 * @import { Option, Value } from "../rules/tables.js"
 * @import { Model } from "../rules/types.js"
 * @import { Taps } from "./taps.js"
 * @import { Panel, Tap } from "./types.js"
 */

/**
 * @param {Model} model
 * @param {Taps} screen
 * @param {Panel} panel
 */
export function valuePanel({ protocol, walk }, screen, { id = "" }) {
  const value = protocol.value[id];
  /** @param {unknown} answer */
  const save = (answer) => (/** @type {Tap} */ tap) => screen.value(id, answer, tap);
  if (value.type === "option")
    return [
      title(value.label, screen),
      choices(
        optionsOf(protocol, id).map((/** @type {Option} */ option) =>
          h(
            "button",
            {
              class: `btn ${walk.values[id] === option.id ? "on" : ""}`,
              key: option.id,
              onclick: save(option.id),
            },
            option.label,
          ),
        ),
      ),
    ];
  if (value.type === "yesno")
    return [
      title(value.label, screen),
      choices(
        [true, false].map((answer) =>
          h("button", { class: "btn big", key: String(answer), onclick: save(answer) }, answer ? "Yes" : "No"),
        ),
      ),
    ];
  if (value.type === "text")
    return written(screen, value.label, value.label, (text, tap) => screen.value(id, text, tap));
  return numberPanel(screen, value, save);
}

/**
 * @param {Taps} screen
 * @param {Value} value
 * @param {(answer: number) => (tap: Tap) => void} save
 */
function numberPanel(screen, value, save) {
  const { label, unit, min, max, whole } = value;
  const typed = screen.draft.trim();
  const number = typed === "" ? NaN : Number(typed.replace(",", "."));
  const range = min === null ? "" : ` (${min} to ${max} ${unit})`;
  const wrong = typed !== "" && (!Number.isFinite(number) || (whole && number % 1 !== 0));
  const unusual = (min !== null && number < min) || (max !== null && number > max);
  const expected = `${whole ? "whole " : ""}number${range}`;
  return [
    title(`${label}, ${unit}`, screen),
    h(
      "div",
      { class: "row" },
      h("input", {
        class: "text number",
        type: "text",
        inputmode: "decimal",
        maxlength: "12",
        "aria-label": `${label}, ${unit}`,
        value: screen.draft,
        oninput: (event) => screen.setDraft(event.target.value),
      }),
      h("button", { class: "btn on", disabled: !Number.isFinite(number) || wrong, onclick: save(number) }, "Record"),
    ),
    h(
      "p",
      { class: unusual || wrong ? "warn" : "quiet", role: "status" },
      wrong
        ? `Expected a ${expected}.`
        : unusual
          ? `Outside the usual range${range}: it is kept and listed to review.`
          : `A ${expected}`,
    ),
  ];
}
