// What panels are made of: a title that closes them, a grid of choices, a field for words.

import { h } from "./dom.js";

/**
 * @import { Taps } from "./taps.js"
 * @import { Content, Tap } from "./types.js"
 */

export const TYPING = ["recorder", "note", "words", "value", "detail", "operator"]; // panels that begin with a field
const INITIALS = ["recorder", "operator"];

/**
 * @param {string} text
 * @param {Pick<Taps, "close">} screen
 */
export const title = (text, screen) =>
  h("div", { class: "title" }, h("h2", {}, text), h("button", { class: "btn close", onclick: screen.close }, "Close"));

/**
 * @param {Content} buttons
 * @param {boolean} wide
 */
export const choices = (buttons, wide = false) => h("div", { class: `choices ${wide ? "wide" : ""}` }, buttons);

/**
 * @param {Taps} screen
 * @param {string} label
 */
export function field(screen, label) {
  return h("input", {
    class: "text",
    type: "text",
    maxlength: INITIALS.includes(screen.panel?.name ?? "") ? "24" : "500",
    placeholder: label,
    "aria-label": label,
    value: screen.draft,
    oninput: (event) => screen.setDraft(event.target.value),
  });
}

/**
 * Records what is typed, once something is.
 * @param {Taps} screen
 * @param {(text: string, tap: Tap) => void} save
 */
export function recordButton(screen, save) {
  const text = screen.draft.trim();
  return h("button", { class: "btn on", disabled: !text, onclick: (tap) => save(text, tap) }, "Record");
}

/**
 * A panel that takes words.
 * @param {Taps} screen
 * @param {string} heading
 * @param {string} label
 * @param {(text: string, tap: Tap) => void} save
 */
export function written(screen, heading, label, save) {
  return [
    title(heading, screen),
    field(screen, label || heading),
    h("div", { class: "row" }, recordButton(screen, save)),
  ];
}
