// The list: a card for each patient, that nobody is here, and records that cannot be shown.

import { h } from "../controls/dom.js";
import { card } from "./card.js";
import { faceOf } from "./face.js";

/**
 * @import { Drawing } from "../controls/types.js"
 * @import { Recovery } from "./recovery.js"
 * @import { Unreadable } from "../link/ward.js"
 * @import { Patient } from "./patient.js"
 */

export class List {
  /** @type {Map<string, { text: string, drawing: Drawing }>} */
  drawings = new Map(); // the cards by session, and what they were drawn from

  /** @param {Recovery} board */
  constructor(board) {
    this.board = board;
  }

  // Every card is drawn anew.
  forget() {
    this.drawings.clear();
  }

  /**
   * @param {Patient[]} standing
   * @param {number} now
   */
  draw(standing, now) {
    const { ward, begun, patients } = this.board;
    return h(
      "section",
      { class: "list", "aria-label": "Patients" },
      standing.map((patient) => this.card(patient, now)),
      standing.length === 0 && emptyText(ward.known && begun),
      troubles(ward.unreadable, patients.all),
    );
  }

  /**
   * As it was drawn last, unless it says something else by now.
   * @param {Patient} patient
   * @param {number} now
   */
  card(patient, now) {
    const { session } = patient;
    const { order, opened } = this.board;
    const face = faceOf(patient, now);
    const rows = order.rowsOf(patient);
    const text = JSON.stringify([face, rows]);
    const before = this.drawings.get(session);
    if (before?.text === text) return before.drawing;
    const toggle = () => this.board.toggle(session);
    const drawing = card(patient, face, { rows, opened: opened === session, toggle });
    this.drawings.set(session, { text, drawing });
    return drawing;
  }
}

/** @param {boolean} known whether it is known who stands here */
function emptyText(known) {
  const text = known
    ? "Nobody is in recovery. A patient appears here as soon as the needle is out, or the dose was given under CT."
    : "Waiting for the server…";
  return h("p", { class: "empty", key: "empty", role: "status" }, text);
}

/**
 * @param {Unreadable[]} unreadable
 * @param {Iterable<Patient>} patients
 */
function troubles(unreadable, patients) {
  const refused = [...patients]
    .filter((patient) => patient.sync.problem)
    .map((patient) => ({ session: patient.session, why: patient.sync.problem }));
  return [...unreadable, ...refused].map(({ session, why }) =>
    h("p", { class: "trouble", key: `bad ${session}` }, `${session}: ${why}`),
  );
}
