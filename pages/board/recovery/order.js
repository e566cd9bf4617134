// The order of the cards, and the rows that each has place for. Cards come, go, grow and change places only while no
// finger is near and nothing is open; meanwhile a newcomer stands last.

import { byNeed } from "../model/timers.js";

/**
 * @import { Patient } from "./patient.js"
 * @import { Row } from "./types.js"
 */

export class Order {
  /** @type {string[]} */
  sessions = []; // as the cards stand
  /** @type {Map<string, Row[]>} */
  rows = new Map();

  /** @param {Patient} patient */
  rowsOf(patient) {
    return this.rows.get(patient.session) ?? [];
  }

  /**
   * As the patients need someone.
   * @param {Patient[]} patients
   */
  settle(patients) {
    const sorted = patients.toSorted(
      (first, second) => byNeed(first, second) || (first.session < second.session ? -1 : 1),
    );
    this.sessions = sorted.map(({ session }) => session);
    this.rows = new Map(sorted.map((patient) => [patient.session, patient.rows]));
    for (const patient of sorted) patient.acted = false;
  }

  /** @param {Patient[]} patients */
  add(patients) {
    for (const { session } of patients) if (!this.sessions.includes(session)) this.sessions.push(session);
  }

  /**
   * What a tap on a card led to has its row at once.
   * @param {Patient[]} patients
   */
  grow(patients) {
    for (const patient of patients) {
      if (!patient.acted) continue;
      const rows = this.rowsOf(patient);
      const added = patient.rows.filter(({ id }) => !rows.some((row) => row.id === id));
      this.rows.set(patient.session, [...rows, ...added]);
    }
  }
}
