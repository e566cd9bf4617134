// One patient on the recovery board: the session's model, what this tablet enters for it, what is half typed.

import { bind } from "../controls/shared.js";
import { LATE_MS, Taps } from "../controls/taps.js";
import { modelOf } from "../model/model.js";
import { byWait, standing, wardAlarms } from "../model/timers.js";
import { reviewText } from "../model/wording.js";
import { asksOf } from "./ask.js";
import { redFlags } from "./observations.js";

const placeOf = ({ event, kind, key }) => `${event} ${kind} ${key}`;

export class Patient extends Taps {
  constructor(copy, page) {
    super();
    this.sync = copy;
    this.page = page;
    this.finger = page.finger;
    this.words = new Map(); // what is typed into a question, by its id
    this.known = null; // what was to review before this tablet's last tap for this patient
    this.unfolded = new Set(); // observations that are open to be described
    bind(this, Taps, Patient);
  }

  get session() {
    return this.sync.session;
  }

  // Anyone at the board may record.
  get recorder() {
    return true;
  }

  get name() {
    return this.page.by;
  }

  // Worked out anew only when the log has changed; whether it has.
  refresh(tables) {
    const stamp = [this.sync.edition, ...this.sync.outbox.map((event) => event.id)].join(" ");
    if (!tables || (stamp === this.stamp && tables === this.tables)) return false;
    [this.stamp, this.tables] = [stamp, tables];
    this.m = modelOf(tables, this.sync.events());
    this.stand = standing(this.m);
    this.ask();
    return true;
  }

  ask() {
    this.asks = asksOf(this);
    this.flags = redFlags(this);
  }

  // What came to be reviewed with this tablet's last tap or after it, in sentences. What is asked, or named as missing, is
  // said there.
  get kept() {
    const asked = new Set(this.asks.map((ask) => ask.id));
    const said = ({ kind, event, key }) =>
      kind === "missing_evidence" || (kind === "missing" && asked.has(`${event} ${key}`));
    return this.known
      ? this.m.walk.review
          .filter((item) => !this.known.has(placeOf(item)) && !said(item))
          .map((item) => reviewText(this.m, item))
      : [];
  }

  putAway() {
    this.known = null;
  }

  // What its card needs a row for: {kind, id}.
  get rows() {
    const each = (kind, ids) => ids.map((id) => ({ kind, id }));
    return [
      ...each("flag", this.flags),
      ...each("kept", this.kept),
      ...each(
        "ask",
        this.asks.map((ask) => ask.id),
      ),
    ];
  }

  // Its alarms now, named apart from other patients'.
  look(now) {
    if (this.late && performance.now() - this.late.since > LATE_MS) this.late = null;
    const code = this.m.opened.patient ?? "";
    this.alarms = wardAlarms(this.m, now).map((alarm) => ({
      ...alarm,
      entry: alarm,
      id: `${this.session} ${alarm.id}`,
      text: `${code}: ${alarm.text}`,
      say: `${code}. ${alarm.say}`,
      patient: this,
    }));
    this.lit = this.alarms.filter((alarm) => !alarm.cue).sort(byWait);
  }

  // This tablet records from here, and says so before its first entry: else what it enters would be a former recorder's.
  enter(kind, data, tap, at) {
    this.acted = true;
    const known = new Set(this.m.walk.review.map(placeOf));
    if (kind !== "takeover" && this.m.walk.recorder !== this.sync.device) super.enter("takeover", {}, tap);
    const entry = super.enter(kind, data, tap, at);
    if (entry.tapped !== this.tapped) [this.tapped, this.known] = [entry.tapped, known]; // one tap may make several entries
    this.page.entered(this);
    return entry;
  }

  // What nobody's tap recorded here is told with the name that was given afterwards.
  named(tap) {
    if (this.m.walk.recorder === this.sync.device) super.enter("takeover", {}, tap);
  }

  seeAll(tap) {
    for (const alarm of this.lit) if (!alarm.seen) this.see(alarm.entry, tap);
  }

  word(id, text) {
    this.words.set(id, text);
    this.draw();
  }

  unfold(id) {
    this.unfolded.add(id);
    this.draw();
  }

  draw() {
    this.page.draw();
  }

  shown(name) {
    this.page.shown(name);
  }
}
