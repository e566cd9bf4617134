// What comes next for a patient, as one large button; and the undo of what was entered last.

import { endsIt, held, lower, tapOrHold } from "../controls/buttons.js";
import { h } from "../controls/dom.js";
import { ending, lastMade } from "../model/model.js";
import { timerOf } from "../model/timers.js";
import { labelOf } from "../model/wording.js";

/**
 * @import { Entry, Model } from "../rules/types.js"
 * @import { Patient } from "./patient.js"
 * @import { Face } from "./types.js"
 */

/**
 * Before its time it is quiet and held, and so is what ends the stay.
 * @param {Patient} patient
 * @param {Face} face
 */
export function action(patient, face) {
  const { model, stand } = patient;
  if (!stand.next) return undoEnding(patient);
  const { label, marks } = stand.next;
  const key = marks.join(" "); // another action is another button
  if (face.early)
    return h(
      "button",
      { class: "btn quiet", key: `early ${key}`, ...tapOrHold(model, patient, marks, true) },
      early(model, marks),
      h("small", {}, "hold"),
    );
  const holds = endsIt(model, marks);
  return h(
    "button",
    { class: "btn go", key, ...tapOrHold(model, patient, marks) },
    label,
    holds && h("small", {}, "hold"),
  );
}

/**
 * What marks write that end a timer before its time: "End compression early, start supine".
 * @param {Model} model
 * @param {string[]} marks
 */
export function early(model, marks) {
  const labels = marks.map((mark) => model.protocol.mark[mark].label + (timerOf(model, [mark]) ? " early" : ""));
  return labels.map((label, n) => (n ? lower(label) : label)).join(", ");
}

/**
 * Who has left is brought back by a finger that stays: calls and what they found are not undone here.
 * @param {Patient} patient
 */
function undoEnding(patient) {
  const entries = ending(patient.model);
  return h(
    "button",
    {
      class: "btn quiet",
      key: "undo ending",
      disabled: !entries.length,
      ...held(patient, (tap) => patient.undoAll(entries, tap)),
    },
    undoing(patient, entries),
    h("small", {}, "hold"),
  );
}

/** @param {Patient} patient */
export function undo(patient) {
  const entries = lastMade(patient.model);
  return h(
    "button",
    { class: "btn quiet", key: "undo", disabled: !entries.length, onclick: (tap) => patient.undoAll(entries, tap) },
    undoing(patient, entries),
  );
}

/**
 * @param {Patient} patient
 * @param {Entry[]} entries
 */
function undoing({ model }, entries) {
  const names = entries.map((entry) => labelOf(model.protocol, entry)).join(", ");
  return `Undo ${lower(names)}`.trim();
}
