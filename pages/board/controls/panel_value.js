// The panel in which a value is given: by one tap, as a number, or in words.

import { expected } from "../model/sentences.js";
import { typedNumber } from "../model/typed_number.js";
import { optionsOf } from "../rules/options.js";
import { h } from "./dom.js";
import { choices, title, written } from "./panel_parts.js";

/**
 * @import { Option, Protocol } from "../rules/tables.js"
 * @import { Model } from "../rules/types.js"
 * @import { Taps } from "./taps.js"
 * @import { Panel, Tap } from "./types.js"
 */

const UNUSUAL = "Outside the usual range: it is kept and listed to review.";

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
  return numberPanel(protocol, screen, id, save);
}

/**
 * @param {Protocol} protocol
 * @param {Taps} screen
 * @param {string} id
 * @param {(answer: number) => (tap: Tap) => void} save
 */
function numberPanel(protocol, screen, id, save) {
  const { label, unit, min, max } = protocol.value[id];
  const { number, sentence } = typedNumber(protocol, id, screen.draft);
  const unusual = number !== null && ((min !== null && number < min) || (max !== null && number > max));
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
      h("button", { class: "btn on", disabled: number === null, onclick: save(number ?? NaN) }, "Record"),
    ),
    h(
      "p",
      { class: unusual || sentence ? "warn" : "quiet", role: "status" },
      sentence || (unusual ? UNUSUAL : `Expected ${expected(protocol, id)}.`),
    ),
  ];
}
