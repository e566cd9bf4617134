// The bedside board: one session, drawn from its log and its protocol's tables. Mounts on a Streamlit page (the default
// export) and on a bare one (`mount`). Every tap becomes an entry first and a drawing second.

import { draw, h } from "./dom.js";
import { model } from "./model.js";
import { keep, kept } from "./outbox.js";
import { middle } from "./panels.js";
import { Sync } from "./sync.js";
import * as view from "./view.js";

const TICK_MS = 250; // how often the clocks are read anew; they are worked out from stored moments each time
const LANDED_MS = 3000; // a touch older than this did not begin this tap

const here = new URL(".", import.meta.url);
let style = null;

async function styled(root) {
  style ??= fetch(new URL("board.css", here)).then((answer) => answer.text());
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(await style);
  root.adoptedStyleSheets = [sheet];
}

async function tablesOf(hash) {
  const key = `is:tables:${hash}`;
  const copy = kept(key);
  if (copy) return copy;
  const answer = await fetch(`/api/protocols/${hash}`);
  if (!answer.ok) throw new Error((await answer.json()).error);
  const tables = await answer.json();
  keep(key, tables);
  return tables;
}

export class Board {
  constructor(root, { session, by }) {
    this.root = root;
    this.by = by || "";
    this.phase = null; // looked at, if not the current one
    this.panel = null;
    this.draft = "";
    this.late = null;
    this.railOpen = false;
    this.amounts = new Map();
    this.lastTap = new Map(); // mark → when it was tapped last on this tablet
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(Board.prototype))) {
      if (typeof value === "function" && name !== "constructor") this[name] = value.bind(this);
    }
    root.addEventListener("pointerdown", this.touched, true);
    this.sync = new Sync(session, this.update);
    this.timer = setInterval(this.tick, TICK_MS);
    this.ready = styled(root).then(() => ((this.styled = true), this.update()));
  }

  stop() {
    clearInterval(this.timer);
    this.root.removeEventListener("pointerdown", this.touched, true);
    this.sync.stop();
  }

  // A tap is stamped when the finger lands; it counts when the finger lifts on the same button.
  touched() {
    this.landed = this.sync.now();
  }

  landing(tap) {
    const since = this.sync.now() - (this.landed ?? 0);
    return tap?.detail > 0 && since < LANDED_MS ? this.landed : undefined;
  }

  update() {
    const hash = this.sync.protocolHash;
    if (hash && this.hash !== hash) this.learn(hash);
    if (!this.tables) return this.waiting();
    this.m = model(this.tables, this.sync.events());
    this.draw();
  }

  async learn(hash) {
    this.hash = hash;
    try {
      this.tables = await tablesOf(hash);
    } catch (error) {
      this.hash = null;
      this.sync.problem ??= String(error.message ?? error);
    }
    this.update();
  }

  waiting() {
    if (!this.styled) return;
    draw(this.root, h("div", { class: "app lone" }, h("p", { role: "status" }, this.sync.problem ?? (this.sync.online ? "Opening…" : "Waiting for the server…")), h("a", { class: "btn", href: "/" }, "Back to Start")));
  }

  get recorder() {
    return Boolean(this.m) && this.m.walk.recorder === this.sync.device;
  }

  draw() {
    if (!this.styled || !this.m) return;
    const { m } = this;
    draw(this.root, h("div", { class: "app", "data-ready": "true" },
      view.head(m, this), view.clocks(m, this), view.rail(m, this),
      h("main", { class: "main" }, view.banner(m, this), middle(m, this), view.last(m, this), view.marks(m, this)),
      view.foot(m, this)));
  }

  tick() {
    if (!document.hidden) this.draw();
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
    if (["note", "words", "value", "detail", "operator"].includes(name)) this.root.querySelector(".card input")?.focus();
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

  // ---------------------------------------------------------------------------------------------------- making a record
  enter(kind, data, tap, at) {
    const entry = this.sync.enter(kind, data, this.by || this.m.walk.recorded_by, { landed: this.landing(tap), at });
    navigator.vibrate?.(10);
    return entry;
  }

  mark(marks, tap) {
    const at = this.late?.at;
    this.late = null;
    const now = performance.now();
    if (now - (this.lastTap.get(marks[0]) ?? -Infinity) < this.tables.recording.same_tablet_s * 1000) return;
    this.lastTap.set(marks[0], now);
    this.panel = null;
    this.phase = null;
    for (const mark of marks) {
      const carried = this.tables.plan.filter((plan) => plan.on === mark && this.m.walk.plan[plan.key]).map((plan) => [plan.key, this.m.walk.plan[plan.key]]);
      this.enter("mark", { mark, ...Object.fromEntries(carried) }, tap, at);
    }
    this.draw();
  }

  tickCheck(id, tap) {
    if (!Object.hasOwn(this.m.walk.checks, id)) return this.enter("check", { check: id }, tap);
    const ticks = this.m.lines.filter((line) => !line.undone && line.event.kind === "check" && line.data.check === id);
    ticks.forEach((line) => this.enter("undo", { of: line.event.id }, tap));
  }

  // Choosing ahead, changing, or correcting where the needle is in: the tables say which it is.
  plan(plan, option, tap) {
    const { walk, state, lines } = this.m;
    if (walk.plan[plan.key] === option) return;
    const done = lines.findLast((line) => line.event.kind === "mark" && line.data.mark === plan.on && !line.undone);
    if (done && plan.change && Object.hasOwn(state.open, plan.change)) this.enter("mark", { mark: plan.change, [plan.key]: option }, tap);
    else if (done && !Object.hasOwn(state.open, plan.on)) this.open("replan", { plan, option, line: done });
    else this.enter("value", { value: plan.key, is: option }, tap);
  }
  planNext(key, option, tap) {
    this.panel = null;
    this.enter("value", { value: key, is: option }, tap);
  }
  change(mark, option, tap) {
    this.panel = null;
    this.enter("mark", { mark, [this.tables.group]: option }, tap);
  }
  correct(line, key, option, tap) {
    this.panel = null;
    this.enter("amend", { of: line.event.id, set: { [key]: option }, reason: "corrected at the bedside" }, tap);
  }
  move(line, at, tap) {
    this.panel = null;
    this.enter("amend", { of: line.event.id, set: { at }, reason: "late entry" }, tap);
  }
  detail(line, key, found, tap) {
    this.panel = null;
    this.enter("detail", { of: line.event.id, set: { [key]: found } }, tap);
  }
  value(id, found, tap) {
    this.panel = null;
    this.enter("value", { value: id, is: found }, tap);
  }
  complication(id, tap, text = this.draft.trim()) {
    this.panel = null;
    this.enter("complication", { complication: id, ...(text && { text }) }, tap);
  }
  note(text, tap) {
    this.panel = null;
    this.enter("note", { text }, tap);
  }
  operator(name, tap) {
    this.panel = null;
    this.enter("mark", { mark: this.tables.operator_mark, operator: name.slice(0, 64) }, tap);
  }
  undo(line, tap) {
    this.enter("undo", { of: line.event.id }, tap);
  }
  restore(line, tap) {
    const undos = this.m.lines.filter((one) => !one.undone && one.event.kind === "undo" && one.data.of === line.event.id);
    undos.forEach((one) => this.enter("undo", { of: one.event.id }, tap));
  }
  takeOver(tap) {
    this.enter("takeover", {}, tap);
  }

  // ------------------------------------------------------------------------------------------------- answering a prompt
  act(prompt, tap) {
    const { action } = prompt.table;
    const grouped = this.tables.plan.some((plan) => plan.change === action);
    if (grouped) this.open("choose", { mark: action });
    else this.mark([action], tap);
  }
  pass(prompt, tap) {
    if (prompt.table.reasons.length) this.open("pass", { prompt });
    else this.answer(prompt, "", tap);
  }
  answer(prompt, reason, tap) {
    this.panel = null;
    this.enter("answer", { prompt: prompt.kind, of: prompt.event, ...(reason && { reason }) }, tap);
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
  if (before && before.sync.session === data.session) return () => boards.get(place)?.stop();
  before?.stop();
  boards.set(place, mount(place, data));
  return () => boards.get(place)?.stop();
}
