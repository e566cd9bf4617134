// The recovery board: every patient after the needle, whoever needs an action first at the top. Drawn from the logs and
// their protocols' tables. Mounts on a Streamlit page (the default export) and on a bare one (`mount`).

import { draw, h } from "../controls/dom.js";
import { TYPING } from "../controls/panel_parts.js";
import { shadowOf, styled, undisturbed } from "../controls/shared.js";
import { Ward } from "../link/ward.js";
import { byUrgency } from "../model/alarms.js";
import { byNeed } from "../model/timers.js";
import { Awake } from "../tablet/awake.js";
import { Finger, pageTime } from "../tablet/finger.js";
import { Offline } from "../tablet/offline.js";
import { Renewal } from "../tablet/renewal.js";
import { attend, Sound } from "../tablet/sound.js";
import { wear } from "../tablet/theme.js";
import { faceOf } from "./face.js";
import { List } from "./list.js";
import { Order } from "./order.js";
import { Patients } from "./patients.js";
import { sheet } from "./sheet.js";
import { top } from "./top.js";
import { Who, whoSheet } from "./who.js";

/**
 * @import { Tap } from "../controls/types.js"
 * @import { Patient } from "./patient.js"
 * @import { WardAlarm } from "./types.js"
 */

const STYLES = [
  "style/controls.css",
  "style/fields.css",
  "style/lists.css",
  "recovery/layout.css",
  "recovery/top.css",
  "recovery/card.css",
  "recovery/card_rows.css",
  "recovery/sheet.css",
];
const TICK_MS = 250; // how often the timers are read anew; they are worked out from stored moments each time
const PATIENCE_MS = 1500; // then what this tablet has is shown, whoever else may stand here
const STILL_MS = 1500; // cards change places only when no finger was near for so long

export class Recovery {
  order = new Order();
  list = new List(this);
  begun = false; // cards come all at once: one by one they would move each other
  since = performance.now();
  /** @type {string | null} */
  opened = null; // the session whose sheet is open, or "who"
  linked = new URLSearchParams(location.search).get("s"); // a link to one patient, as the hand-over gives it
  /** @type {Element | null} */
  from = null; // what had the focus before a sheet was opened
  /** @type {WardAlarm[]} */
  alarms = [];
  styled = false;
  sounded = false; // whether the alarms that stood when the page opened were attended to
  sound = new Sound();
  who = new Who(
    () => this.draw(),
    (signed, tap) => this.signed(signed, tap),
  );
  awake = new Awake(() => this.draw());
  offline = new Offline(() => this.draw());
  ward = new Ward(() => this.update());
  /** @type {Patients} */
  patients = new Patients(this.ward, {
    finger: () => this.finger,
    by: () => this.who.name,
    onLearned: () => this.update(),
    onChange: () => this.draw(),
    onEntered: (patient) => this.who.entered(patient),
    onShown: (panel) => this.shown(panel),
  });
  undisturbed = undisturbed();
  timer = setInterval(() => this.tick(), TICK_MS);

  /** @param {ShadowRoot} root */
  constructor(root) {
    this.root = root;
    this.finger = new Finger(root, {
      now: () => this.ward.now(),
      guard: () => this.patients.guard(),
      touched: () => this.sound.touched(),
    });
    this.renewal = new Renewal(
      this.ward.link,
      (ms) => this.finger.rested(ms),
      () => this.opened === null && (this.patients.tables.outdated || !this.patients.readable.some(waits)),
    );
    window.addEventListener("keydown", this.escaped);
    styled(root, ...STYLES).then(() => {
      this.styled = true;
      this.update();
    });
  }

  stop() {
    clearInterval(this.timer);
    window.removeEventListener("keydown", this.escaped);
    for (const part of [this.finger, this.awake, this.ward, this.patients.tables]) part.stop();
    this.undisturbed();
  }

  update() {
    this.patients.refresh();
    this.begun ||= this.ward.loaded && this.patients.complete;
    this.draw();
  }

  settle() {
    this.order.grow(this.patients.readable);
    if (this.opened === null && this.finger.rested(STILL_MS)) {
      this.patients.dropGone();
      this.order.settle(this.patients.readable);
    } else this.order.add(this.patients.readable);
  }

  // ------------------------------------------------------------------------------------------------------------- drawing
  // Something was learned or tapped: every card is drawn anew.
  draw() {
    this.list.forget();
    this.drawChanged();
  }

  // Time has passed: only cards that say something else are.
  drawChanged() {
    if (!this.styled) return;
    const now = this.ward.now();
    this.begun ||= performance.now() - this.since > PATIENCE_MS;
    for (const patient of this.patients.readable) patient.look(now);
    if (this.begun) this.settle();
    this.finger.opened = Math.min(this.finger.opened, pageTime());
    const { sessions } = this.order;
    const standing = sessions.map((session) => this.patients.get(session)).filter((patient) => patient !== undefined);
    if (this.linked && sessions.includes(this.linked)) [this.opened, this.linked] = [this.linked, null];
    this.alarms = standing.toSorted(byNeed).flatMap((patient) => patient.lit); // the first is the first card's
    this.awake.want(standing.length > 0);
    draw(
      this.root,
      h(
        "div",
        { class: "ward", "data-ready": String(this.begun) },
        top(this, standing, now),
        h("div", { class: "body" }, this.list.draw(standing, now), this.sheet(now)),
      ),
    );
  }

  /** @param {number} now */
  sheet(now) {
    if (this.opened === "who") return whoSheet(this.who, this.close);
    const patient = this.opened === null ? undefined : this.patients.get(this.opened);
    return patient && sheet(patient, faceOf(patient, now), now, this.close);
  }

  tick() {
    this.renewal.attend();
    if (!this.styled) return;
    if (!document.hidden) this.drawChanged();
    else for (const patient of this.patients.readable) patient.look(this.ward.now());
    if (!this.begun) return;
    const alarms = this.patients.readable.flatMap((patient) => patient.alarms ?? []);
    attend(this.sound, alarms.sort(byUrgency), !this.sounded, () => this.ward.askAll());
    this.sounded = true;
  }

  // ------------------------------------------------------------------------------------------- looking, without a record
  /** @param {string} sheetName a session, or "who" */
  toggle(sheetName) {
    this.openedPatient?.putAway();
    this.opened = this.opened === sheetName ? null : sheetName;
    this.from = this.root.activeElement;
    if (this.opened === "who") this.who.draft = this.who.name;
    const patient = this.openedPatient;
    if (patient) [patient.panel, patient.draft] = [null, ""];
    this.draw();
    if (this.opened) this.focus(this.opened === "who" ? ".sheet input" : ".sheet .close");
  }
  close = () => {
    this.openedPatient?.putAway();
    this.opened = null;
    this.draw();
    if (this.from instanceof HTMLElement) this.from.focus({ preventScroll: true });
  };
  /** @param {KeyboardEvent} key */
  escaped = (key) => {
    if (key.key === "Escape" && this.opened) this.close();
  };
  get openedPatient() {
    return this.patients.get(this.opened ?? "");
  }
  /** @param {string} selector */
  focus(selector) {
    const element = this.root.querySelector(selector);
    if (element instanceof HTMLElement) element.focus({ preventScroll: true });
  }
  /** @param {string} panel within the sheet */
  shown(panel) {
    this.root.querySelector(".sheet")?.scrollTo(0, 0);
    if (TYPING.includes(panel)) /** @type {HTMLElement | null} */ (this.root.querySelector(".sheet input"))?.focus();
  }
  /** @param {string} session */
  bring(session) {
    const n = this.order.sessions.indexOf(session);
    this.root.querySelectorAll(".p")[n]?.scrollIntoView({ block: "center" });
  }

  // ---------------------------------------------------------------------------------------------------------- this tablet
  /** @type {(signed: Iterable<Patient>, tap: Tap) => void} */
  signed(signed, tap) {
    for (const patient of this.patients.readable) patient.ask();
    for (const patient of signed) patient.signed(tap);
    if (this.opened === "who") this.close();
    else this.draw();
  }
  /** @param {MouseEvent} tap */
  soundTapped = (tap) => {
    this.sound.tapped(tap, this.alarms);
    this.draw();
  };
  /** @param {"light" | "dark"} name */
  theme = (name) => {
    wear(name);
    this.draw();
  };
}

/** @type {(patient: Patient) => boolean} */ // whether something is still to be done
const waits = ({ stand }) => stand.rank < 2;

/** @param {HTMLElement} element */
export const mount = (element) => new Recovery(shadowOf(element));

/** @type {WeakMap<HTMLElement, Recovery>} */
const boards = new WeakMap();

/**
 * Called again whenever Streamlit reruns the page: the place keeps its board.
 * @param {{ parentElement: HTMLElement }} component
 */
export default function ({ parentElement }) {
  const place = /** @type {HTMLElement} */ (parentElement.querySelector(".recovery-place"));
  if (!boards.has(place)) boards.set(place, mount(place));
  return () => {
    boards.get(place)?.stop();
    boards.delete(place);
  };
}
