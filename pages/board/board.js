// The bedside board: one session, drawn from its log and its protocol's tables. Mounts on a Streamlit page (the default
// export) and on a bare one (`mount`). Every tap becomes an entry first and a drawing second.

import { alarms } from "./alarms.js";
import { Awake } from "./awake.js";
import { draw, h } from "./dom.js";
import { drillOf, strip } from "./drill.js";
import { model, openMarks } from "./model.js";
import { Offline } from "./offline.js";
import { middle } from "./panels.js";
import { Pedal } from "./pedal.js";
import { styled, tablesOf, undisturbed } from "./shared.js";
import { Sound } from "./sound.js";
import { Sync } from "./sync.js";
import { Taps } from "./taps.js";
import * as view from "./view.js";

const TICK_MS = 250; // how often the clocks are read anew; they are worked out from stored moments each time
const RETRY_MS = 2000;
const TYPING = ["note", "words", "value", "detail", "operator"]; // panels that begin with a field

export class Board extends Taps {
  constructor(root, { session, by }) {
    super();
    this.root = root;
    this.by = by || "";
    this.phase = null; // looked at, if not the current one
    this.panel = null;
    this.draft = "";
    this.railOpen = false;
    this.amounts = new Map();
    for (const level of [Taps.prototype, Board.prototype]) {
      for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(level))) {
        if (typeof value === "function" && name !== "constructor") this[name] = value.bind(this);
      }
    }
    root.addEventListener("pointerdown", this.touched, true);
    root.addEventListener("click", this.lifted);
    this.sound = new Sound();
    this.awake = new Awake(this.draw);
    this.pedal = new Pedal(this.press);
    this.offline = new Offline(this.draw);
    this.sync = new Sync(session, this.update);
    this.undisturbed = undisturbed();
    this.timer = setInterval(this.tick, TICK_MS);
    styled(root, "board.css").then(() => ((this.styled = true), this.update()));
  }

  stop() {
    clearInterval(this.timer);
    this.root.removeEventListener("pointerdown", this.touched, true);
    this.root.removeEventListener("click", this.lifted);
    this.undisturbed();
    this.awake.stop();
    this.pedal.stop();
    this.sync.stop();
  }

  update() {
    const hash = this.sync.protocolHash;
    if (hash && this.hash !== hash) this.learn(hash);
    if (!this.tables) return this.waiting();
    this.m = model(this.tables, this.sync.events());
    if (this.m.opened.drill === true) this.rehearse();
    this.awake.want(!this.m.over);
    this.draw();
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
    draw(this.root, h("div", { class: "app lone" }, h("p", { role: "status" }, said), h("a", { class: "btn", href: "/" }, "Back to Start")));
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
    const lit = this.alarms.filter((alarm) => !alarm.cue);
    const drill = m.opened.drill === true;
    draw(this.root, drill && strip(m, this), h("div", { class: `app ${drill ? "drill" : ""} ${m.over ? "over" : ""}`, key: "app", "data-ready": "true" },
      view.head(m, this), view.clocks(m, this), view.rail(m, this),
      h("div", { class: "main" }, view.banner(m, this, lit), middle(m, this), view.last(m, this), view.marks(m, this)),
      view.foot(m, this)));
  }

  tick() {
    if (!this.m || !this.styled) return;
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
  open(name, more = {}) {
    this.panel = { name, ...more };
    this.draft = "";
    this.draw();
    this.root.querySelector(".main")?.scrollTo(0, 0);
    this.root.querySelector(".card")?.scrollTo(0, 0);
    if (TYPING.includes(name)) this.root.querySelector(".card input")?.focus();
  }
  close() {
    this.panel = null;
    this.draft = "";
    this.draw();
  }
  setDraft(text) {
    this.draft = text;
    this.draw();
  }
  amount(event, key) {
    return this.amounts.get(`${event} ${key}`);
  }
  setAmount(event, key, amount) {
    this.amounts.set(`${event} ${key}`, amount);
    this.draw();
  }
  setLate(at) {
    this.late = at === null ? null : { at };
    this.close();
  }

  // ---------------------------------------------------------------------------------------------------------- this tablet
  soundTapped(tap) {
    const was = tap.detail > 0 ? this.sounded_before : this.sound.on; // the touch itself may have let it sound
    if (!was) this.sound.on || this.sound.toggle();
    else if (this.alarms.some((alarm) => !alarm.seen && !alarm.cue)) this.sound.silence();
    this.draw();
  }
  setting(what) {
    what();
    this.draw();
  }
  theme(name) {
    document.documentElement.dataset.theme = name;
    try {
      localStorage.setItem("is:theme", name);
    } catch {} // a full storage: until the next page
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
