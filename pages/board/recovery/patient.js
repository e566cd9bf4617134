// One patient on the recovery board: the session's model, what this tablet enters for it, what is half typed.

import { LATE_MS } from "../controls/opened.js";
import { Taps } from "../controls/taps.js";
import { modelOf } from "../model/model.js";
import { byWait, standing, wardAlarms } from "../model/timers.js";
import { reviewText } from "../model/wording.js";
import { asksOf } from "./ask.js";
import { redFlags } from "./observations.js";

/**
 * @import { Copy } from "../link/copy.js"
 * @import { Standing } from "../model/timers.js"
 * @import { Protocol } from "../rules/tables.js"
 * @import { Item, LogEvent } from "../rules/types.js"
 * @import { Finger, Tap } from "../tablet/finger.js"
 * @import { Ask, Row, WardAlarm } from "./types.js"
 *
 * @typedef {object} PatientOptions
 * @property {Finger} finger
 * @property {() => string} by who records on this tablet
 * @property {() => void} onChange something was tapped or typed
 * @property {(patient: Patient) => void} onEntered
 * @property {(panel: string) => void} onShown a panel was opened
 */

/** @param {Item} item */
const placeOf = ({ event, kind, key }) => `${event} ${kind} ${key}`;

export class Patient extends Taps {
  /** @type {Map<string, string>} */
  words = new Map(); // what is typed into a question, by its id
  /** @type {Set<string> | null} */
  reviewedBefore = null; // what was to review before this tablet's last tap for this patient
  /** @type {Set<string>} */
  unfolded = new Set(); // observations that are open to be described
  /** @type {Protocol | null} */
  tables = null;
  stamp = ""; // of the log from which the model was worked out
  /** @type {Standing} */
  stand = /** @type {any} */ (null); // until the tables are here, as the model
  /** @type {Ask[]} */
  asks = [];
  /** @type {string[]} */
  flags = [];
  /** @type {WardAlarm[] | null} */
  alarms = null;
  /** @type {WardAlarm[]} */
  lit = [];
  acted = false; // whether something was entered here since its card had its rows
  /** @type {number | null} */
  tapped = null; // the moment of this tablet's last tap

  /**
   * @param {Copy} copy
   * @param {PatientOptions} options
   */
  constructor(copy, { finger, by, onChange, onEntered, onShown }) {
    super(copy, finger);
    this.recordsAs = by;
    this.draw = onChange;
    this.onEntered = onEntered;
    this.shown = onShown;
  }

  get session() {
    return this.sync.session;
  }

  // Anyone at the board may record.
  get recorder() {
    return true;
  }

  get name() {
    return this.recordsAs();
  }

  /**
   * Worked out anew only when the log has changed.
   * @param {Protocol | null | undefined} tables
   */
  refresh(tables) {
    const stamp = [this.sync.edition, ...this.sync.outbox.map((event) => event.id)].join(" ");
    if (!tables || (stamp === this.stamp && tables === this.tables)) return;
    [this.stamp, this.tables] = [stamp, tables];
    this.model = modelOf(tables, this.sync.events());
    this.stand = standing(this.model);
    this.ask();
  }

  ask() {
    this.asks = asksOf(this);
    this.flags = redFlags(this);
  }

  // What came to be reviewed with this tablet's last tap or after it, in sentences. What is asked, or named as missing,
  // stands there already.
  get toReview() {
    const before = this.reviewedBefore;
    if (!before) return [];
    const asked = new Set(this.asks.map(({ id }) => id));
    return this.model.walk.review
      .filter((item) => !before.has(placeOf(item)))
      .filter(({ kind }) => kind !== "missing_evidence")
      .filter(({ kind, event, key }) => kind !== "missing" || !asked.has(`${event} ${key}`))
      .map((item) => reviewText(this.model, item));
  }

  putAway() {
    this.reviewedBefore = null;
  }

  /**
   * What its card needs a row for.
   * @returns {Row[]}
   */
  get rows() {
    /** @type {(kind: Row["kind"], ids: string[]) => Row[]} */
    const each = (kind, ids) => ids.map((id) => ({ kind, id }));
    const asks = this.asks.map(({ id }) => id);
    return [...each("flag", this.flags), ...each("review", this.toReview), ...each("ask", asks)];
  }

  /**
   * Its alarms now, named apart from other patients'.
   * @param {number} now
   */
  look(now) {
    if (this.late && performance.now() - this.late.since > LATE_MS) this.late = null;
    const code = this.model.opened.patient ?? "";
    this.alarms = wardAlarms(this.model, now).map((alarm) => ({
      ...alarm,
      original: alarm,
      id: `${this.session} ${alarm.id}`,
      text: `${code}: ${alarm.text}`,
      say: `${code}. ${alarm.say}`,
      patient: this,
    }));
    this.lit = this.alarms.filter((alarm) => !alarm.cue).sort(byWait);
  }

  /**
   * This tablet records from here, and says so before its first entry: else what it enters would be a former recorder's.
   * @param {string} kind
   * @param {LogEvent["data"]} data
   * @param {Tap} [tap]
   * @param {number} [at]
   */
  enter(kind, data, tap, at) {
    this.acted = true;
    const toReview = new Set(this.model.walk.review.map(placeOf));
    if (kind !== "takeover" && this.model.walk.recorder !== this.sync.device) super.enter("takeover", {}, tap);
    const event = super.enter(kind, data, tap, at);
    // One tap may make several entries.
    if (event.tapped !== this.tapped) [this.tapped, this.reviewedBefore] = [event.tapped, toReview];
    this.onEntered(this);
    return event;
  }

  /**
   * What was entered here by nobody is told with the name that was given afterwards.
   * @param {Tap} tap
   */
  signed(tap) {
    if (this.model.walk.recorder === this.sync.device) super.enter("takeover", {}, tap);
  }

  /** @param {Tap} tap */
  seeAll = (tap) => {
    for (const alarm of this.lit) if (!alarm.seen) this.see(alarm.original, tap);
  };

  /**
   * @param {string} id a question's
   * @param {string} text
   */
  write(id, text) {
    this.words.set(id, text);
    this.draw();
  }

  /** @param {string} id */
  unfold(id) {
    this.unfolded.add(id);
    this.draw();
  }
}
