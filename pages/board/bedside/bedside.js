// The bedside board: one session, drawn from its log and its protocol's tables. Mounts on a Streamlit page (the default
// export) and on a bare one (`mount`). Every tap becomes an entry first and a drawing second.

import { draw, h } from "../controls/dom.js";
import { drillOf, strip } from "../controls/drill.js";
import { middle, TYPING } from "../controls/panels.js";
import { bind, styled, tablesOf, undisturbed } from "../controls/shared.js";
import { LATE_MS, Taps } from "../controls/taps.js";
import { Sync } from "../link/sync.js";
import { alarms } from "../model/alarms.js";
import { modelOf, openMarks } from "../model/model.js";
import { Awake } from "../tablet/awake.js";
import { Finger } from "../tablet/finger.js";
import { Offline } from "../tablet/offline.js";
import { Pedal } from "../tablet/pedal.js";
import { Sound } from "../tablet/sound.js";
import { wear } from "../tablet/theme.js";
import * as view from "./view.js";

const TICK_MS = 250; // how often the clocks are read anew; they are worked out from stored moments each time
const RETRY_MS = 2000;

export class Board extends Taps {
  constructor(root, { session, by }) {
    super();
    this.root = root;
    this.by = by || "";
    this.phase = null; // looked at, if not the current one
    this.railOpen = false;
    bind(this, Taps, Board);
    this.sound = new Sound();
    this.finger = new Finger(root, {
      now: () => this.sync.now(),
      guard: () => this.guard,
      touched: () => this.sound.touched(),
    });
    this.awake = new Awake(this.draw);
    this.pedal = new Pedal(this.press);
    this.offline = new Offline(this.draw);
    this.sync = new Sync(session, this.update);
    this.undisturbed = undisturbed();
    this.timer = setInterval(this.tick, TICK_MS);
    styled(root, "style/controls.css", "bedside/bedside.css").then(() => {
      this.styled = true;
      this.update();
    });
  }

  stop() {
    clearInterval(this.timer);
    this.finger.stop();
    this.undisturbed();
    this.awake.stop();
    this.pedal.stop();
    this.sync.stop();
  }

  update() {
    const hash = this.sync.protocolHash;
    if (hash && this.hash !== hash) this.learn(hash);
    if (!this.tables) return this.waiting();
    this.m = modelOf(this.tables, this.sync.events());
    this.handOver();
    if (this.m.opened.drill === true) this.rehearse();
    this.awake.want(!this.m.over);
    this.draw();
  }

  // Recording went to another tablet: what was begun here is not finished there.
  handOver() {
    const { recorder } = this;
    if (this.wasRecorder && !recorder) {
      [this.panel, this.late, this.lostAt] = [null, null, performance.now()];
    }
    this.wasRecorder = recorder;
  }

  async learn(hash) {
    this.hash = hash;
    try {
      this.tables = await tablesOf(hash);
      this.update();
    } catch (error) {
      this.sync.problem ??= String(error.message ?? error);
      setTimeout(() => (this.hash = null), RETRY_MS); // asked again with the next change or poll
      this.waiting();
    }
  }

  // A drill's script, once it is here; its debrief opens by itself when nothing more is awaited.
  async rehearse() {
    const over = this.m.over !== null;
    if (over && !this.wasOver) this.panel = { name: "debrief" };
    this.wasOver = over;
    if (this.drill || this.fetching) return;
    this.fetching = true;
    this.drill = await drillOf(this.m.opened.drill_id);
    this.fetching = false;
    if (this.drill) this.draw();
  }

  waiting() {
    if (!this.styled) return;
    const said = this.sync.problem ?? (this.sync.online ? "Opening…" : "Waiting for the server…");
    draw(
      this.root,
      h(
        "div",
        { class: "app lone" },
        h("p", { role: "status" }, said),
        h("a", { class: "btn", href: "/" }, "Back to Start"),
      ),
    );
  }

  get recorder() {
    return Boolean(this.m) && this.m.walk.recorder === this.sync.device;
  }

  // The mark that the filled button writes; none while another tablet records.
  primary() {
    return this.recorder && !this.m.over ? openMarks(this.m).near[0] : null;
  }

  holds(marks) {
    return Boolean(view.tapOrHold(this.m, this, marks)["data-hold"]);
  }

  draw() {
    if (!this.styled || !this.m) return;
    const { m } = this;
    this.alarms = alarms(m, this.sync.now());
    this.finger.opened = Math.min(this.finger.opened, Date.now());
    const lit = this.alarms.filter((alarm) => !alarm.cue);
    const drill = m.opened.drill === true;
    draw(
      this.root,
      drill && strip(m, this),
      h(
        "div",
        { class: `app ${drill ? "drill" : ""} ${m.over ? "over" : ""}`, key: "app", "data-ready": "true" },
        view.head(m, this),
        view.clocks(m, this),
        view.rail(m, this),
        h(
          "div",
          { class: "main" },
          view.banner(m, this, lit),
          h("div", { class: "middle" }, middle(m, this), view.last(m, this)),
          view.marks(m, this),
        ),
        view.foot(m, this),
      ),
    );
  }

  tick() {
    if (!this.m || !this.styled) return;
    if (this.late && performance.now() - this.late.since > LATE_MS) this.late = null;
    if (!document.hidden) this.draw();
    this.sound.attend(alarms(this.m, this.sync.now()), !this.sounded);
    this.sounded = true;
  }

  // ------------------------------------------------------------------------------------------- looking, without a record
  look(phase) {
    this.phase = phase;
    this.panel = null;
    this.railOpen = false;
    this.draw();
  }
  foldRail() {
    this.railOpen = !this.railOpen;
    this.draw();
  }
  shown(name) {
    this.root.querySelector(".middle")?.scrollTo(0, 0);
    this.root.querySelector(".card")?.scrollTo(0, 0);
    if (TYPING.includes(name)) this.root.querySelector(".card input")?.focus();
  }

  // ---------------------------------------------------------------------------------------------------------- this tablet
  soundTapped(tap) {
    this.sound.tapped(tap, this.alarms);
    this.draw();
  }
  setting(what) {
    what();
    this.draw();
  }
  theme(name) {
    wear(name);
    this.draw();
  }
}

export function mount(element, data) {
  const root = element.shadowRoot ?? element.attachShadow({ mode: "open" });
  return new Board(root, data);
}

const boards = new WeakMap();

// Called again whenever Streamlit's data changes: the same session keeps its board.
export default function ({ parentElement, data }) {
  const place = parentElement.querySelector(".board-place");
  const before = boards.get(place);
  if (before?.sync.session !== data.session) {
    before?.stop();
    boards.set(place, mount(place, data));
  }
  return () => {
    boards.get(place)?.stop();
    boards.delete(place);
  };
}
