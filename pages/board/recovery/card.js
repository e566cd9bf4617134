// One patient on the recovery board: which timer, how long, until when, and the action as one large button. Every part
// has a place of its own, so that nothing moves as time passes.

import { h } from "../controls/dom.js";
import { shown } from "../model/wording.js";
import { action } from "./action.js";
import { askRow } from "./ask.js";

/**
 * @import { Patient } from "./patient.js"
 * @import { Face, Row } from "./types.js"
 */

const ACTING = ".acts, .ask, .seen"; // a tap here does not open the sheet

/**
 * `rows`: those that the card has place for; they are given and taken back while no finger is near.
 * @param {Patient} patient
 * @param {Face} face
 * @param {{ rows: Row[], opened: boolean, toggle: () => void }} place
 */
export function card(patient, face, { rows, opened, toggle }) {
  const { model, session, sync } = patient;
  const toReview = model.walk.review.length + sync.refused.length;
  const kind = ["p", face.status, face.flags.length && "flag", !face.seen && "lit", opened && "opened"]
    .filter(Boolean)
    .join(" ");
  /** @param {MouseEvent} tap */
  const tapped = (tap) => {
    if (!acts(tap)) toggle();
  };
  return h(
    "article",
    { class: kind, key: session, "aria-label": model.opened.patient, onclick: tapped },
    h(
      "button",
      { class: "id", "aria-expanded": String(opened) },
      h("b", {}, model.opened.patient ?? "…"),
      h("small", {}, doseAndBed(patient)),
      toReview > 0 && h("em", {}, `${toReview} to review`),
    ),
    h(
      "div",
      { class: "st" },
      h("b", {}, face.title),
      h("small", {}, face.lacks && h("em", {}, `Missing: ${face.lacks}. `), face.sub),
      !face.seen && h("button", { class: "btn seen", key: "seen", onclick: patient.seeAll }, "Seen"),
    ),
    face.width !== null && h("div", { class: "bar", key: "bar" }, h("i", { style: `width:${face.width}%` })),
    h("div", { class: "end" }, h("strong", {}, face.big), h("small", {}, face.small)),
    h(
      "div",
      { class: "acts" },
      h("button", { class: "btn quiet", key: "observe", onclick: toggle }, "Observe…"),
      action(patient, face),
    ),
    rows.length > 0 &&
      h(
        "div",
        { class: "rows", key: "rows" },
        rows.map((row) => rowOf(patient, row)),
      ),
  );
}

/**
 * Whether a tap was on a button that acts. What was tapped may be gone by now: its own handler has drawn the card anew.
 * @param {MouseEvent} tap
 */
const acts = (tap) => tap.composedPath().some((place) => place instanceof Element && place.matches(ACTING));

/**
 * A red flag, what an entry led to, a question, or the place of one that was answered just now.
 * @param {Patient} patient
 * @param {Row} row
 */
function rowOf(patient, { kind, id }) {
  const ask = patient.asks.find((candidate) => candidate.id === id);
  if (ask) return askRow(patient, ask);
  if (kind === "review") return reviewRow(id);
  if (patient.flags.includes(id)) return flagRow(id);
  return h("div", { class: "ask kept", key: `kept ${id}`, role: "status" }, "Recorded");
}

/**
 * What has to be done at once.
 * @param {string} text
 */
export const flagRow = (text) => h("p", { class: "flagged", key: text }, text);

/**
 * What an entry led to.
 * @param {string} text
 */
export const reviewRow = (text) =>
  h("p", { class: "kept-to-review", key: `review ${text}`, role: "status" }, `Kept, to review: ${text}`);

/**
 * "dose 2 · bed 4"
 * @param {Patient} patient
 */
export function doseAndBed({ model }) {
  const { protocol, walk, opened } = model;
  const { bed, value } = protocol;
  const reading = bed && (walk.values[bed] ?? "");
  const place = bed && `${value[bed].label.toLowerCase()} ${reading === "" ? "–" : shown(protocol, bed, reading)}`;
  return [opened.dose && `dose ${opened.dose}`, place].filter(Boolean).join(" · ");
}
