// What a tap does: each becomes one entry or more in the log. The tables say which; nothing here names a mark.

const SAME_PLACE_PX = 60; // two taps of one finger
const HOLD_MS = 900;
const AGAIN_MS = 3000; // a second press of a key within this time confirms
const LANDED_MS = 3000; // a touch older than this did not begin this tap

export class Taps {
  constructor() {
    this.late = null; // {at}: when the next tap happened, if earlier
    this.lastMark = null; // {mark, when (ms, this page's clock), place} of the last tap on a mark
    this.lastPress = -Infinity; // the pedal
  }

  // A tap is stamped when the finger lands; it counts when the finger lifts on the same button.
  touched() {
    this.landed = this.sync.now();
    this.sounded_before = this.sound?.on; // what the sound chip said when the finger landed on it
    this.sound?.unlock();
  }

  // A touched button does not keep the keyboard, or the next Enter of a pedal would press it again.
  lifted(tap) {
    if (tap.detail > 0) tap.target.closest?.("button")?.blur();
  }

  landing(tap) {
    const since = this.sync.now() - (this.landed ?? 0);
    return tap?.detail > 0 && since < LANDED_MS ? this.landed : undefined;
  }

  enter(kind, data, tap, at) {
    const entry = this.sync.enter(kind, data, this.by || this.m.walk.recorded_by, { landed: this.landing(tap), at });
    navigator.vibrate?.(10);
    return entry;
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
    if (this.isSecondTap(marks[0], tap)) return;
    this.late = null;
    this.panel = null;
    this.phase = null;
    for (const mark of marks) {
      const carried = this.tables.plan.filter((plan) => plan.on === mark && this.m.walk.plan[plan.key]).map((plan) => [plan.key, this.m.walk.plan[plan.key]]);
      this.enter("mark", { mark, ...Object.fromEntries(carried) }, tap, at);
    }
    this.draw();
  }

  // The same tap again: on the same mark, or on whatever mark has come under the same finger meanwhile.
  isSecondTap(mark, tap) {
    const now = performance.now();
    const last = this.lastMark;
    const place = tap?.clientX ? [tap.clientX, tap.clientY] : null;
    const near = place && last?.place && Math.hypot(place[0] - last.place[0], place[1] - last.place[1]) < SAME_PLACE_PX;
    const second = last && now - last.when < this.guard && (last.mark === mark || near);
    if (!second) this.lastMark = { mark, when: now, place };
    return Boolean(second);
  }

  // Ending a procedure is held: the finger that stays ends it, a tap only says so. By keyboard it is pressed twice.
  hold(marks, tap) {
    const button = tap.currentTarget;
    const landed = this.sync.now();
    this.letGo();
    button.classList.add("held");
    this.holding = { button, timer: setTimeout(() => (this.letGo(), (this.landed = landed), this.mark(marks, { detail: 1 })), HOLD_MS) };
  }
  letGo() {
    clearTimeout(this.holding?.timer);
    this.holding?.button.classList.remove("held");
    this.holding = null;
  }
  pressed(marks, tap) {
    if (tap.detail > 0) return;
    const now = performance.now();
    if (now - (this.asked ?? -Infinity) < AGAIN_MS) this.mark(marks);
    this.asked = now;
  }

  // The way out comes up under the finger that ended the procedure: its lifting is no tap.
  leave(tap) {
    if (this.lastMark && performance.now() - this.lastMark.when < AGAIN_MS) tap.preventDefault();
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
    this.settle("mark", { mark: this.tables.operator_mark, operator: name.slice(0, 64) }, tap);
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
}
