// What a tap does: each becomes one entry or more in the log. The tables say which; nothing here names a mark.

import { askedByPlan } from "../model/model.js";
import { AGAIN_MS } from "../tablet/finger.js";

export const LATE_MS = 60000; // "late" is for the next tap, not for one much later

// Needs of whoever extends it: `sync` and `finger`, `tables` and model `m`, and `draw`.
export class Taps {
  constructor() {
    this.late = null; // {at}: when the next tap happened, if earlier
    this.lastMark = null; // {mark, when (ms, this page's clock)} of the last tap on a mark
    this.lastPress = -Infinity; // the pedal
    this.panel = null;
    this.draft = "";
    this.amounts = new Map();
  }

  enter(kind, data, tap, at) {
    const entry = this.sync.enter(kind, data, this.name, { landed: this.finger.landing(tap), at });
    navigator.vibrate?.(10);
    return entry;
  }

  // Who records on this tablet: as given at take-over, or when the procedure was opened here.
  get name() {
    const { opened, walk, entries } = this.m;
    const handed = entries.some((line) => line.event.kind === "takeover" && !line.undone);
    return this.by || (handed ? (walk.recorder === this.sync.device ? walk.recorded_by : "") : (opened.recorder ?? ""));
  }

  // An entry made from a panel, which it closes.
  settle(kind, data, tap) {
    this.panel = null;
    this.draft = "";
    return this.enter(kind, data, tap);
  }

  get guard() {
    return this.tables.recording.same_tablet_s * 1000;
  }

  mark(marks, tap) {
    const at = this.late?.at;
    if (this.isSecondTap(marks[0])) return;
    this.late = null;
    this.panel = null;
    this.phase = null;
    for (const mark of marks) {
      const carried = this.tables.plan
        .filter((plan) => plan.on === mark && this.m.walk.plan[plan.key])
        .map((plan) => [plan.key, this.m.walk.plan[plan.key]]);
      this.enter("mark", { mark, ...Object.fromEntries(carried) }, tap, at);
    }
    this.draw();
  }

  // The same mark again within the guard time, wherever it was tapped, is the same tap.
  isSecondTap(mark) {
    const now = performance.now();
    const second = this.lastMark && now - this.lastMark.when < this.guard && this.lastMark.mark === mark;
    if (!second) this.lastMark = { mark, when: now };
    return Boolean(second);
  }

  // Ending a procedure is held: by keyboard it is pressed twice.
  hold(marks, tap) {
    this.finger.hold(tap, (held) => this.mark(marks, held));
  }
  letGo() {
    this.finger.letGo();
  }
  pressed(marks, tap) {
    this.finger.pressed(tap, () => this.mark(marks));
  }

  // The pedal: the primary mark, never twice within the guard time, whatever has become primary meanwhile.
  press() {
    const primary = this.primary();
    const now = performance.now();
    if (!primary || this.holds(primary.marks) || now - this.lastPress < this.guard) return;
    this.lastPress = now;
    this.mark(primary.marks);
  }

  tickCheck(id, tap) {
    if (!Object.hasOwn(this.m.walk.checks, id)) return this.enter("check", { check: id }, tap);
    const ticks = this.m.entries.filter(
      (line) => !line.undone && line.event.kind === "check" && line.data.check === id,
    );
    for (const tick of ticks) this.enter("undo", { of: tick.event.id }, tap);
  }

  // Choosing ahead, changing, or correcting where the needle is in: the tables say which it is.
  plan(plan, option, tap) {
    const { walk, state, entries } = this.m;
    if (walk.plan[plan.key] === option) return;
    const done = entries.findLast((line) => line.event.kind === "mark" && line.data.mark === plan.on && !line.undone);
    if (askedByPlan(this.m, done, plan.key))
      this.enter("detail", { of: done.event.id, set: { [plan.key]: option } }, tap);
    else if (done && plan.change && Object.hasOwn(state.open, plan.change))
      this.enter("mark", { mark: plan.change, [plan.key]: option }, tap);
    else if (done && !Object.hasOwn(state.open, plan.on)) this.open("replan", { plan, option, entry: done });
    else this.enter("value", { value: plan.key, is: option }, tap);
  }
  planNext(key, option, tap) {
    this.settle("value", { value: key, is: option }, tap);
  }
  change(mark, option, tap) {
    this.settle("mark", { mark, [this.tables.group]: option }, tap);
  }
  correct(line, key, option, tap) {
    this.settle("amend", { of: line.event.id, set: { [key]: option }, reason: "corrected at the bedside" }, tap);
  }
  move(line, at, tap) {
    this.settle("amend", { of: line.event.id, set: { at }, reason: "late entry" }, tap);
  }
  detail(line, key, found, tap) {
    this.settle("detail", { of: line.event.id, set: { [key]: found } }, tap);
  }
  value(id, found, tap) {
    this.settle("value", { value: id, is: found }, tap);
  }
  complication(id, tap, text = this.draft.trim()) {
    this.settle("complication", { complication: id, ...(text && { text }) }, tap);
  }
  note(text, tap) {
    this.settle("note", { text }, tap);
  }
  operator(name, tap) {
    this.settle("mark", { mark: this.tables.operator_mark, operator: name }, tap);
  }
  undo(line, tap) {
    this.enter("undo", { of: line.event.id }, tap);
  }
  undoAll(lines, tap) {
    for (const entry of lines) this.undo(entry, tap);
  }
  restore(line, tap) {
    const undos = this.m.entries.filter(
      (one) => !one.undone && one.event.kind === "undo" && one.data.of === line.event.id,
    );
    for (const undo of undos) this.enter("undo", { of: undo.event.id }, tap);
  }
  // Never waits: the name may come afterwards. A tablet that has just lost recording does not take it back by a late tap.
  takeOver(tap) {
    if (performance.now() - (this.lostAt ?? -Infinity) < AGAIN_MS) return;
    this.by = "";
    this.enter("takeover", {}, tap);
    this.open("recorder");
  }
  recordedBy(name, tap) {
    this.by = name;
    this.settle("takeover", {}, tap);
  }

  // Acting on an alarm, seeing it, and passing a prompt with a reason are three different entries.
  act(alarm, tap) {
    const action = alarm.prompt ? alarm.prompt.table.action : alarm.act;
    const grouped = this.tables.plan.some((plan) => plan.change === action);
    if (grouped) this.open("choose", { mark: action });
    else this.mark([action], tap);
  }
  see(alarm, tap) {
    this.enter("ack", { alarm: alarm.kind, of: alarm.of }, tap);
  }
  pass(prompt, tap) {
    if (prompt.table.reasons.length) this.open("pass", { prompt });
    else this.answer(prompt, "", tap);
  }
  answer(prompt, reason, tap) {
    this.settle("answer", { prompt: prompt.kind, of: prompt.event, ...(reason && { reason }) }, tap);
  }
  // ------------------------------------------------------------------------------------------- looking, without a record
  open(name, more = {}) {
    this.panel = { name, ...more };
    this.draft = "";
    this.draw();
    this.shown?.(name);
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
    this.late = at === null ? null : { at, since: performance.now() };
    this.close();
  }
}
