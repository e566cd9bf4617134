// The patients on the recovery board, each with its copy of the log and its protocol's tables.

import { Tables } from "../controls/tables.js";
import { Patient } from "./patient.js";

/**
 * @import { Copy } from "../link/copy.js"
 * @import { Ward } from "../link/ward.js"
 * @import { Finger } from "../tablet/finger.js"
 * @import { PatientOptions } from "./patient.js"
 *
 * @typedef {Omit<PatientOptions, "finger"> & { finger: () => Finger, onLearned: () => void }} PatientsOptions
 * `onLearned`: tables have come
 */

export class Patients {
  /** @type {Map<string, Patient>} */
  bySession = new Map();
  /**
   * @param {Ward} ward
   * @param {PatientsOptions} options
   */
  constructor(ward, options) {
    this.ward = ward;
    this.options = options;
    this.tables = new Tables(options.onLearned);
  }

  get all() {
    return [...this.bySession.values()];
  }

  // Those whose tables are here.
  get readable() {
    return this.all.filter((patient) => patient.model);
  }

  // Whether no tables are awaited.
  get complete() {
    return this.tables.complete;
  }

  /** @param {string} session */
  get(session) {
    return this.bySession.get(session);
  }

  // The longest time within which two taps at one place are one, ms.
  guard() {
    const seconds = [...this.tables.known.values()].map((tables) => tables.recording.same_tablet_s);
    return Math.max(0, ...seconds) * 1000;
  }

  refresh() {
    for (const [session, copy] of this.ward.copies) {
      const before = this.bySession.get(session);
      const patient = before?.sync === copy ? before : this.patientOf(copy);
      this.bySession.set(session, patient);
      patient.refresh(this.tables.of(copy.protocolHash));
    }
  }

  // Those who have left the ward.
  dropGone() {
    for (const session of this.bySession.keys()) if (!this.ward.copies.has(session)) this.bySession.delete(session);
  }

  /** @param {Copy} copy */
  patientOf(copy) {
    return new Patient(copy, { ...this.options, finger: this.options.finger() });
  }
}
