// The recovery board: every patient after the needle, whoever needs an action first at the top. Drawn from the logs and
// their protocols' tables. Mounts on a Streamlit page (the default export) and on a bare one (`mount`).

import { draw, h } from "../controls/dom.js";
import { TYPING } from "../controls/panels.js";
import { bind, styled, tablesOf, undisturbed } from "../controls/shared.js";
import { keep, stored } from "../link/outbox.js";
import { BY } from "../link/storage_keys.js";
import { Ward } from "../link/ward.js";
import { byUrgency } from "../model/alarms.js";
import { byNeed } from "../model/timers.js";
import { Awake } from "../tablet/awake.js";
import { Finger } from "../tablet/finger.js";
import { Offline } from "../tablet/offline.js";
import { Sound } from "../tablet/sound.js";
import { wear } from "../tablet/theme.js";
import { card } from "./card.js";
import { faceOf } from "./face.js";
import { Patient } from "./patient.js";
import { sheet, whoSheet } from "./sheet.js";
import { top } from "./top.js";

const TICK_MS = 250; // how often the timers are read anew; they are worked out from stored moments each time
const PATIENCE_MS = 1500; // then what this tablet has is shown, whoever else may stand here
const STILL_MS = 1500; // cards change places only when no finger was near for so long

export class Recovery {
  constructor(root) {
    bind(this, Recovery);
    this.root = root;
    this.patients = new Map(); // session → Patient
    this.tables = new Map(); // hash → tables, null while they are on their way
    this.order = []; // sessions, as the cards stand
    this.room = new Map(); // session → the rows that its card has place for
    this.nodes = new Map(); // session → what its card was drawn from
    [this.begun, this.since] = [false, performance.now()]; // cards come all at once: one by one they would move each other
    this.opened = null; // the session whose sheet is open, or "who"
    this.asked = new URLSearchParams(location.search).get("s"); // a link to one patient, as the hand-over gives it
    this.by = stored(BY, "");
    this.nameless = null; // sessions entered here by nobody, once there is one; `wonders`: whether their name is being asked
    this.wonders = false;
    this.draft = "";
    this.alarms = [];
    this.sound = new Sound();
    this.finger = new Finger(root, {
      now: () => this.ward.now(),
      guard: this.guard,
      touched: () => this.sound.touched(),
    });
    this.awake = new Awake(this.draw);
    this.offline = new Offline(this.draw);
    this.ward = new Ward(this.update);
    this.undisturbed = undisturbed();
    this.timer = setInterval(this.tick, TICK_MS);
    window.addEventListener("keydown", this.escaped);
    styled(root, "style/controls.css", "recovery/recovery.css").then(() => {
      this.styled = true;
      this.update();
    });
  }

  stop() {
    clearInterval(this.timer);
    window.removeEventListener("keydown", this.escaped);
    for (const part of [this.finger, this.awake, this.ward]) part.stop();
    this.undisturbed();
  }

  guard() {
    const known = [...this.tables.values()].filter(Boolean);
    return Math.max(0, ...known.map((tables) => tables.recording.same_tablet_s * 1000));
  }

  update() {
    if (!this.ward) return; // it tells of a change before it is there
    for (const [session, copy] of this.ward.copies) {
      if (this.patients.get(session)?.sync !== copy) this.patients.set(session, new Patient(copy, this));
      this.patients.get(session).refresh(this.tablesFor(copy.protocolHash));
    }
    this.begun ||= this.ward.loaded && ![...this.tables.values()].includes(null);
    this.draw();
  }

  tablesFor(hash) {
    if (hash && !this.tables.has(hash)) {
      this.tables.set(hash, null);
      tablesOf(hash).then(
        (tables) => (this.tables.set(hash, tables), this.update()),
        () => (this.tables.delete(hash), this.drawChanged()),
      ); // asked again with the next change
    }
    return this.tables.get(hash);
  }

  // Cards come, go, grow and change places only while no finger is near and nothing is open.
  settle() {
    const all = [...this.patients.values()].filter((p) => p.m);
    for (const p of all)
      if (p.acted)
        this.room.set(p.session, [
          ...this.roomOf(p),
          ...p.rows.filter(({ id }) => !this.roomOf(p).some((one) => one.id === id)),
        ]);
    if (this.opened === null && this.finger.rested(STILL_MS)) {
      for (const session of this.patients.keys()) if (!this.ward.copies.has(session)) this.patients.delete(session);
      const standing = all.filter((p) => this.patients.has(p.session));
      standing.sort((one, other) => byNeed(one, other) || (one.session < other.session ? -1 : 1));
      this.order = standing.map((p) => p.session);
      this.room = new Map(standing.map((p) => [p.session, p.rows]));
      for (const p of standing) p.acted = false;
    } else for (const p of all) if (!this.order.includes(p.session)) this.order.push(p.session);
  }

  roomOf(p) {
    return this.room.get(p.session) ?? [];
  }

  // Something was learned or tapped: every card is drawn anew.
  draw() {
    this.nodes.clear();
    this.drawChanged();
  }

  // Time has passed: only cards that say something else are.
  drawChanged() {
    if (!this.styled || !this.ward) return;
    const now = this.ward.now();
    this.begun ||= performance.now() - this.since > PATIENCE_MS;
    for (const p of this.patients.values()) if (p.m) p.look(now);
    if (this.begun) this.settle();
    this.finger.opened = Math.min(this.finger.opened, Date.now());
    const standing = this.order.map((session) => this.patients.get(session));
    if (this.order.includes(this.asked)) [this.opened, this.asked] = [this.asked, null];
    this.alarms = standing.toSorted(byNeed).flatMap((p) => p.lit); // the first is the first card's
    this.awake.want(standing.length > 0);
    const p = this.patients.get(this.opened);
    draw(
      this.root,
      h(
        "div",
        { class: "ward", "data-ready": String(this.begun) },
        top(this, standing, now),
        h(
          "div",
          { class: "body" },
          h(
            "section",
            { class: "list", "aria-label": "Patients" },
            standing.map((one) => this.card(one, now)),
            this.empty(standing),
            this.trouble(),
          ),
          this.opened === "who" ? whoSheet(this) : p && sheet(p, faceOf(p, now), this),
        ),
      ),
    );
  }

  card(p, now) {
    const face = faceOf(p, now);
    const room = this.roomOf(p);
    const said = JSON.stringify([face, room]);
    const before = this.nodes.get(p.session);
    if (before && before.said === said) return before.node;
    const node = card(p, face, { room, opened: this.opened === p.session, page: this });
    this.nodes.set(p.session, { said, node });
    return node;
  }

  tick() {
    if (!this.styled) return;
    if (!document.hidden) this.drawChanged();
    else for (const p of this.patients.values()) if (p.m) p.look(this.ward.now());
    const standing = [...this.patients.values()].filter((p) => p.alarms);
    if (!this.begun) return;
    this.sound.attend(standing.flatMap((p) => p.alarms).sort(byUrgency), !this.sounded);
    this.sounded = true;
  }

  empty(standing) {
    if (standing.length) return null;
    const text =
      !this.ward.known || !this.begun
        ? "Waiting for the server…"
        : "Nobody is in recovery. A patient appears here as soon as the needle is out, or the dose was given under CT.";
    return h("p", { class: "empty", key: "empty", role: "status" }, text);
  }

  trouble() {
    const bad = [...this.patients.values()]
      .filter((p) => p.sync.problem)
      .map((p) => ({ session: p.session, why: p.sync.problem }));
    return [...this.ward.unreadable, ...bad].map(({ session, why }) =>
      h("p", { class: "trouble", key: `bad ${session}` }, `${session}: ${why}`),
    );
  }

  // ------------------------------------------------------------------------------------------- looking, without a record
  toggle(session) {
    this.patients.get(this.opened)?.putAway();
    this.opened = this.opened === session ? null : session;
    this.from = this.root.activeElement;
    if (this.opened === "who") this.draft = this.by;
    const p = this.patients.get(this.opened);
    if (p) [p.panel, p.draft] = [null, ""];
    this.draw();
    if (this.opened)
      this.root.querySelector(this.opened === "who" ? ".sheet input" : ".sheet .close")?.focus({ preventScroll: true });
  }
  close() {
    this.patients.get(this.opened)?.putAway();
    this.opened = null;
    this.draw();
    this.from?.focus?.({ preventScroll: true });
  }
  escaped(key) {
    if (key.key === "Escape" && this.opened) this.close();
  }
  // A panel within the sheet was opened.
  shown(name) {
    this.root.querySelector(".sheet")?.scrollTo(0, 0);
    if (TYPING.includes(name)) this.root.querySelector(".sheet input")?.focus();
  }
  bring(session) {
    const n = this.order.indexOf(session);
    this.root.querySelectorAll(".p")[n]?.scrollIntoView({ block: "center" });
  }

  // ---------------------------------------------------------------------------------------------------------- this tablet
  setDraft(text) {
    this.draft = text;
    this.draw();
  }
  // The first entry by nobody asks who records, once, where no card is moved or covered.
  entered(p) {
    if (this.by) return;
    if (!this.nameless) [this.nameless, this.wonders, this.draft] = [new Set(), true, ""];
    this.nameless.add(p);
  }
  later() {
    this.wonders = false;
    this.draw();
  }
  name(tap) {
    this.by = this.draft.trim();
    keep(BY, this.by);
    for (const patient of this.patients) if (patient.m) patient.ask();
    if (this.by) for (const patient of this.nameless ?? []) patient.named(tap);
    if (this.by) this.nameless = null;
    this.wonders = false;
    if (this.opened === "who") this.close();
    else this.draw();
  }
  soundTapped(tap) {
    this.sound.tapped(tap, this.alarms);
    this.draw();
  }
  theme(name) {
    wear(name);
    this.draw();
  }
}

export const mount = (element) => new Recovery(element.shadowRoot ?? element.attachShadow({ mode: "open" }));

// Called again whenever Streamlit reruns the page: the place keeps its board.
export default function ({ parentElement }) {
  const place = parentElement.querySelector(".recovery-place");
  place.board ??= mount(place);
  return () => (place.board = place.board?.stop());
}
