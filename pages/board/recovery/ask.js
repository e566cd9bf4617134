// What a card asks until it is answered, on any tablet: a prompt's reason, or what a mark of the ward still needs.

import { h } from "../controls/dom.js";
import { missingDetails } from "../model/model.js";
import { wardMarks, wardPrompts } from "../model/timers.js";
import { counts } from "../rules/log.js";
import { optionsOf } from "../rules/options.js";

/**
 * @import { Option } from "../rules/tables.js"
 * @import { Tap } from "../controls/types.js"
 * @import { Patient } from "./patient.js"
 * @import { Ask, Editor } from "./types.js"
 */

/**
 * The questions that wait, the most urgent first.
 * @param {Patient} patient
 * @returns {Ask[]}
 */
export const asksOf = (patient) => [...prompts(patient), ...details(patient)];

/**
 * @param {Patient} patient
 * @returns {Ask[]}
 */
function prompts(patient) {
  return wardPrompts(patient.model).map((prompt) => {
    const { reasons, pass } = prompt.table;
    /** @type {(reason: string) => (tap: Tap) => void} */
    const answer = (reason) => (tap) => patient.answer(prompt, reason, tap);
    return {
      id: `${prompt.kind} ${prompt.event}`,
      text: prompt.text,
      chips: reasons.length
        ? reasons.map((reason) => ({ label: reason, tapped: answer(reason) }))
        : [{ label: pass, tapped: answer("") }],
      write: reasons.length ? (text, tap) => patient.answer(prompt, text, tap) : null,
    };
  });
}

/**
 * @param {Patient} patient
 * @returns {Ask[]}
 */
function details(patient) {
  const { protocol, entries } = patient.model;
  const marks = new Set([...wardMarks(protocol), ...protocol.everywhere]);
  return entries
    .filter((entry) => entry.event.kind === "mark" && counts(entry) && marks.has(entry.data.mark))
    .flatMap((entry) => {
      const { needs } = protocol.mark[entry.data.mark];
      const missing = missingDetails(patient.model, entry).filter((key) => needs.includes(key));
      return missing.map((key) => ({
        ...editor(patient, key, (value, tap) => patient.detail(entry, key, value, tap)),
        id: `${entry.event.id} ${key}`,
        text: `${protocol.value[key].label}?`,
      }));
    });
}

/**
 * @param {Patient} patient
 * @param {string} key the value's
 * @param {(value: any, tap: Tap) => void} save
 * @returns {Editor}
 */
export function editor(patient, key, save) {
  const { protocol } = patient.model;
  /** @type {(label: string, content: any) => import("./types.js").Chip} */
  const chip = (label, content) => ({ label, content, tapped: (tap) => save(content, tap) });
  switch (protocol.value[key].type) {
    case "option":
      return {
        chips: optionsOf(protocol, key).map((/** @type {Option} */ option) =>
          chip(option.short || option.label, option.id),
        ),
        write: null,
      };
    case "yesno":
      return { chips: [chip("Yes", true), chip("No", false)], write: null };
    case "moment":
      return { chips: [{ label: "Now", tapped: (tap) => save(patient.sync.now(), tap) }], write: null };
    case "number":
      return { chips: [], write: saveNumber(save) };
    default:
      return { chips: patient.name ? [chip(patient.name, patient.name)] : [], write: save };
  }
}

/** @type {(save: (value: number, tap: Tap) => void) => (text: string, tap: Tap) => void} */
const saveNumber = (save) => (text, tap) => {
  const number = Number(text.replace(",", "."));
  if (Number.isFinite(number)) save(number, tap);
};

/**
 * @param {Patient} patient
 * @param {Ask} ask
 */
export function askRow(patient, ask) {
  return h(
    "div",
    { class: "ask", key: `ask ${ask.id}`, role: "group", "aria-label": ask.text },
    h("p", {}, ask.text),
    controls(patient, ask),
  );
}

/**
 * Chips and field of a question; `label`: what the field is for.
 * @param {Patient} patient
 * @param {Editor & { id: string }} ask
 * @param {string} label
 */
export function controls(patient, { id, chips, write }, label = chips.length ? "Other" : "Initials or words") {
  return [
    chips.map((chip) =>
      h(
        "button",
        {
          class: `btn ${chip.on ? "on" : ""}`,
          key: chip.label,
          "aria-pressed": chip.on === undefined ? null : String(chip.on),
          onclick: chip.tapped,
        },
        chip.label,
      ),
    ),
    write && words(patient, id, label, write),
  ];
}

/**
 * @param {Patient} patient
 * @param {string} id
 * @param {string} label
 * @param {(text: string, tap: Tap) => void} write
 */
function words(patient, id, label, write) {
  const typed = patient.words.get(id) ?? "";
  const text = typed.trim();
  /** @param {Tap} tap */
  const record = (tap) => {
    if (text) write(text, tap);
  };
  return h(
    "span",
    { class: "written", key: "written" },
    h("input", {
      class: "text",
      type: "text",
      maxlength: "200",
      placeholder: label,
      "aria-label": label,
      value: typed,
      oninput: (event) => patient.write(id, event.target.value),
      onkeydown: (key) => key.key === "Enter" && record(key),
    }),
    h("button", { class: "btn on", disabled: !text, onclick: record }, "Record"),
  );
}
