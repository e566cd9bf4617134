// What opens beside the board for one patient: the next action and the others, observations, bed and checks, corrections.

import { endsIt, tapOrHold } from "../controls/buttons.js";
import { checkButton, valueButton } from "../controls/checks.js";
import { h } from "../controls/dom.js";
import { panelOf } from "../controls/panels.js";
import { timeOfDay } from "../model/format.js";
import { checksOf, lastMark, openMarks, valuesOf } from "../model/model.js";
import { isEarly } from "../model/timers.js";
import { unmet } from "../rules/evidence.js";
import { action, early, undo } from "./action.js";
import { askRow } from "./ask.js";
import { doseAndBed, flagRow, reviewRow } from "./card.js";
import { observations } from "./observations.js";

/**
 * @import { OpenMark } from "../rules/types.js"
 * @import { Patient } from "./patient.js"
 * @import { Face } from "./types.js"
 */

/**
 * @param {Patient} patient
 * @param {Face} face
 * @param {number} now
 * @param {() => void} close
 */
export function sheet(patient, face, now, close) {
  const { model, session, panel } = patient;
  const name = [model.opened.patient ?? "…", h("small", {}, ` ${doseAndBed(patient)}`)];
  const content = panel
    ? [h("p", { class: "whose" }, name), panelOf(model, patient)]
    : [
        h("div", { class: "title" }, h("h2", {}, name), h("button", { class: "btn close", onclick: close }, "Close")),
        patientParts(patient, face, now),
      ];
  return h("section", { class: "sheet", key: `sheet ${session}`, "aria-label": "Panel" }, content);
}

/**
 * @param {Patient} patient
 * @param {Face} face
 * @param {number} now
 */
function patientParts(patient, face, now) {
  return [
    h("p", { class: "now" }, h("b", {}, face.title), h("strong", {}, face.big), h("small", {}, face.small)),
    h("p", { class: "quiet" }, face.lacks && h("em", {}, `Missing: ${face.lacks}. `), face.sub),
    patient.flags.map(flagRow),
    patient.toReview.map(reviewRow),
    patient.asks.map((ask) => askRow(patient, ask)),
    patient.late &&
      h("p", { class: "warn", role: "status" }, `The next mark is entered at ${timeOfDay(patient.late.at)}.`),
    h("div", { class: "acts", key: "acts" }, action(patient, face), otherMarks(patient, now)),
    observations(patient, rareMarks(patient, now)),
    facts(patient),
    tools(patient),
  ];
}

/**
 * The other marks of the state.
 * @param {Patient} patient
 * @param {number} now
 */
const otherMarks = (patient, now) =>
  offered(patient, "near")
    .filter(({ id }) => id !== patient.stand.next?.id)
    .map((mark) => markButton(patient, mark, now, "quiet"));

/**
 * Marks that are rare here, such as one that restarts a clock: what was just observed may call for them.
 * @param {Patient} patient
 * @param {number} now
 */
function rareMarks(patient, now) {
  const buttons = offered(patient, "rare").map((mark) => markButton(patient, mark, now, "big"));
  return buttons.length > 0 && h("div", { class: "choices", key: "seldom" }, buttons);
}

/**
 * Marks of the state but calls, which have a page of their own.
 * @param {Patient} patient
 * @param {"near" | "rare"} rarity
 */
function offered({ model, stand }, rarity) {
  const calls = model.protocol.follow_up.flatMap((call) => [call.made, call.tried]);
  if (!stand.next) return [];
  return openMarks(model)[rarity].filter(({ marks }) => !marks.some((mark) => calls.includes(mark)));
}

/**
 * What ends a timer before its time is held. A mark that another button writes with a second one says that it writes no
 * more than itself.
 * @param {Patient} patient
 * @param {OpenMark} mark
 * @param {number} now
 * @param {string} kind
 */
function markButton(patient, { id, label, marks, tone }, now, kind) {
  const { model, stand } = patient;
  const soon = isEarly(model, marks, now);
  const holds = soon || endsIt(model, marks);
  const next = stand.next?.marks ?? [];
  const alone = next.length > 1 && marks.length === 1 && next.includes(marks[0]);
  const remarks = [alone && "only this", holds && "hold"].filter(Boolean).join(" · ");
  return h(
    "button",
    { class: `btn ${kind} ${tone}`, key: id, ...tapOrHold(model, patient, marks, holds) },
    soon ? early(model, marks) : label,
    remarks && h("small", {}, remarks),
  );
}

/**
 * Values and checks of the ward, and those that should stand before the next action.
 * @param {Patient} patient
 */
function facts(patient) {
  const { model, stand } = patient;
  const { protocol, entries } = model;
  const phases = Object.keys(protocol.phase).filter((phase) => protocol.phase[phase].ward);
  const lacking = stand.next ? unmet(protocol, entries, stand.next.marks.at(-1)) : [];
  const observed = protocol.observe.map(({ check }) => check);
  const values = phases
    .flatMap((phase) => valuesOf(protocol, phase))
    .concat(lacking.flatMap(({ value }) => value ?? []));
  const checks = phases
    .flatMap((phase) => checksOf(protocol, phase))
    .concat(lacking.flatMap(({ check }) => check ?? []));
  return [
    h(
      "div",
      { class: "checks", key: "checks" },
      [...new Set(checks)].filter((id) => !observed.includes(id)).map((id) => checkButton(model, patient, id)),
    ),
    h(
      "div",
      { class: "values", key: "values" },
      [...new Set(values)].map((id) => valueButton(model, patient, id)),
    ),
  ];
}

/** @param {Patient} patient */
function tools(patient) {
  const { model, session, sync, stand } = patient;
  const toReview = model.walk.review.length + sync.refused.length;
  const code = encodeURIComponent(model.opened.patient ?? "");
  /** @type {(key: string, href: string, text: string) => any} */
  const link = (key, href, text) => h("a", { class: "btn", key, href, target: "_self" }, text);
  return h(
    "div",
    { class: "choices tools" },
    stand.next && undo(patient),
    h(
      "button",
      { class: "btn", key: "late", onclick: () => patient.open("late", { entry: lastMark(model)?.event.id }) },
      "Late…",
    ),
    h("button", { class: "btn", key: "note", onclick: () => patient.open("note") }, "Note…"),
    h(
      "button",
      { class: `btn ${toReview ? "amber" : ""}`, key: "log", onclick: () => patient.open("log") },
      toReview ? `Log: ${toReview} to review` : "Log",
    ),
    link("handover", `/handover?s=${encodeURIComponent(session)}`, "Hand over…"),
    link("patient", `/patient?p=${code}`, "Patient"),
  );
}
