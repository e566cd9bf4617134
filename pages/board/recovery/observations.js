// What is seen of a patient after the needle: one tap each, described afterwards.

import { checkButton } from "../controls/checks.js";
import { h } from "../controls/dom.js";
import { isOver, redFlag } from "../model/aftercare.js";
import { timeOfDay } from "../model/format.js";
import { carriedText, labelOf, shown } from "../model/wording.js";
import { counts } from "../rules/log.js";
import { controls, editor } from "./ask.js";

/**
 * @import { Entry, Model } from "../rules/types.js"
 * @import { Content } from "../controls/types.js"
 * @import { Patient } from "./patient.js"
 */

/**
 * Every observation since the patient came to the ward, the newest first.
 * @param {Pick<Patient, "model" | "stand">} patient
 */
export function observedOf({ model, stand }) {
  const checks = model.protocol.observe.map(({ check }) => check);
  /** @param {Entry} entry */
  const isObservation = ({ event, data }) =>
    event.kind === "complication" || event.kind === "note" || (event.kind === "check" && checks.includes(data.check));
  return model.entries.filter((entry) => counts(entry) && isObservation(entry) && entry.at >= stand.came).toReversed();
}

/** @param {Entry} entry */
const isComplication = ({ event }) => event.kind === "complication";

/**
 * "Headache 13:50 Mild"
 * @param {Model} model
 * @param {Entry} entry
 */
export function observed({ protocol }, entry) {
  return [labelOf(protocol, entry), timeOfDay(entry.at, false), carriedText(protocol, entry)].filter(Boolean).join(" ");
}

/**
 * What to do about those that are not over, in the protocol's words, the newest first.
 * @param {Pick<Patient, "model" | "stand">} patient
 */
export function redFlags({ model, stand }) {
  const { protocol } = model;
  const lasting = observedOf({ model, stand }).filter(
    (entry) => isComplication(entry) && !isOver(protocol, entry.data),
  );
  return [...new Set(lasting.map(({ data }) => redFlag(protocol, data)).filter((text) => text !== null))];
}

/**
 * The taps that the protocol offers, then all that was seen, the newest first. `marks`: what may have to follow.
 * @param {Patient} patient
 * @param {Content} marks
 */
export function observations(patient, marks) {
  const { model } = patient;
  const { observe, complication } = model.protocol;
  const entries = observedOf(patient).filter(({ event }) => event.kind !== "check"); // a check says itself when it was
  const newest = entries.find(isComplication);
  return [
    h("h3", {}, "Observations"),
    h(
      "div",
      { class: "choices" },
      observe
        .map((row) => row.complication)
        .filter((id) => id !== null)
        .map((id) =>
          h(
            "button",
            { class: "btn big", key: id, onclick: (tap) => patient.complication(id, tap, "") },
            complication[id].label,
          ),
        ),
      h("button", { class: "btn big", key: "more", onclick: () => patient.open("complication") }, "Something else…"),
    ),
    marks,
    entries.map((entry) =>
      isComplication(entry)
        ? described(patient, entry, entry === newest)
        : h("p", { class: "noted", key: entry.event.id }, observed(model, entry)),
    ),
    h(
      "div",
      { class: "checks" },
      observe
        .map((row) => row.check)
        .filter((id) => id !== null)
        .map((id) => checkButton(model, patient, id)),
    ),
  ];
}

/**
 * The newest complication is open to be described, an older one after a tap.
 * @param {Patient} patient
 * @param {Entry} entry
 * @param {boolean} newest
 */
function described(patient, entry, newest) {
  const { model, unfolded } = patient;
  const flag = redFlag(model.protocol, entry.data);
  const open = newest || unfolded.has(entry.event.id);
  const text = observed(model, entry);
  return h(
    "div",
    { class: "described", key: entry.event.id },
    h(
      "div",
      { class: "row" },
      h("b", { class: "noted" }, text),
      !open &&
        h(
          "button",
          { class: "btn", "aria-label": `Describe ${text}`, onclick: () => patient.unfold(entry.event.id) },
          "Describe…",
        ),
    ),
    flag && h("p", { class: `flagged ${isOver(model.protocol, entry.data) ? "over" : ""}` }, flag),
    open && rows(patient, entry),
  );
}

/**
 * Words are asked for on demand.
 * @param {Patient} patient
 * @param {Entry} entry
 */
function rows(patient, entry) {
  const { protocol } = patient.model;
  const more = `more ${entry.event.id}`;
  const keys = protocol.describe.filter((key) => isAsked(patient.model, entry, key));
  /** @param {string} key */
  const waits = (key) =>
    protocol.value[key].type === "text" && (entry.data[key] ?? null) === null && !patient.unfolded.has(more);
  return [
    keys.filter((key) => !waits(key)).map((key) => row(patient, entry, key)),
    keys.some(waits) &&
      h("button", { class: "btn quiet", key: "more", onclick: () => patient.unfold(more) }, "More about it…"),
  ];
}

/**
 * A value that makes some complications a red flag is asked of those alone, every other of all.
 * @param {Model} model
 * @param {Entry} entry
 * @param {string} key
 */
function isAsked({ protocol }, { data }, key) {
  const flags = protocol.red_flag.filter((flag) => flag.value === key);
  return !flags.length || flags.some((flag) => flag.complication === data.complication) || (data[key] ?? null) !== null;
}

/**
 * @param {Patient} patient
 * @param {Entry} entry
 * @param {string} key
 */
function row(patient, entry, key) {
  const { protocol } = patient.model;
  const answer = entry.data[key] ?? null;
  const { label, type } = protocol.value[key];
  const fixed = answer !== null && type !== "option" && type !== "yesno";
  const edited = editor(patient, key, (value, tap) => patient.detail(entry, key, value, tap));
  const offered = type === "text" ? [] : edited.chips; // of words it offers who records
  const chips = offered.map((chip) => ({
    ...chip,
    on: answer !== null && chip.content === answer,
  }));
  return h(
    "div",
    { class: "row", key },
    h("span", { class: "lab" }, label),
    fixed
      ? h("b", {}, shown(protocol, key, answer))
      : controls(patient, { ...edited, chips, id: `${entry.event.id} ${key}` }, label),
  );
}
