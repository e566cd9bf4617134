// The patients on the recovery board, each with its copy of the log and its protocol's tables.

import { tablesOf } from "../controls/shared.js";
import { Patient } from "./patient.js";

/**
 * @import { Copy } from "../link/copy.js"
 * @import { Ward } from "../link/ward.js"
 * @import { Protocol } from "../rules/tables.js"
 * @import { Finger } from "../tablet/finger.js"
 * @import { PatientOptions } from "./patient.js"
 *
 * @typedef {Omit<PatientOptions, "finger"> & { finger: () => Finger, onLearned: () => void }} PatientsOptions
 * `onLearned`: tables have come
 */

export class Patients {
  /** @type {Map<string, Patient>} */
  bySession = new Map();
  /** @type {Map<string, Protocol | null>} */
  tables = new Map(); // by hash, null while they are on their way

  /**
   * @param {Ward} ward
   * @param {PatientsOptions} options
   */
  constructor(ward, options) {
    this.ward = ward;
    this.options = options;
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
    return ![...this.tables.values()].includes(null);
  }

  /** @param {string} session */
  get(session) {
    return this.bySession.get(session);
  }

  // The longest time within which two taps at one place are one, ms.
  guard() {
    const seconds = [...this.tables.values()].map((tables) => tables?.recording.same_tablet_s ?? 0);
    return Math.max(0, ...seconds) * 1000;
  }

  refresh() {
    for (const [session, copy] of this.ward.copies) {
      const before = this.bySession.get(session);
      const patient = before?.sync === copy ? before : this.patientOf(copy);
      this.bySession.set(session, patient);
      patient.refresh(this.tablesFor(copy.protocolHash));
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

  /** @param {string | null} hash */
  tablesFor(hash) {
    if (!hash) return null;
    if (!this.tables.has(hash)) this.learn(hash);
    return this.tables.get(hash);
  }

  /** @param {string} hash */
  async learn(hash) {
    this.tables.set(hash, null);
    try {
      this.tables.set(hash, await tablesOf(hash));
    } catch {
      this.tables.delete(hash); // asked again with the next change
      return;
    }
    this.options.onLearned();
  }
}
