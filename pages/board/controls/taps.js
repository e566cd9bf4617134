// What a tap does: each becomes one entry or more in the log. The tables say which; nothing here names a mark.

import { valuesOf } from "../model/gs1.js";
import { askedByPlan } from "../model/model.js";
import { AGAIN_MS } from "../tablet/finger.js";
import { Opened } from "./opened.js";

/**
 * @import { Copy } from "../link/copy.js"
 * @import { Plan } from "../rules/tables.js"
 * @import { Alarm, Entry, LogEvent, Model, WaitingPrompt } from "../rules/types.js"
 * @import { Finger, Tap } from "../tablet/finger.js"
 */

export class Taps extends Opened {
  /** @type {Model} */
  model = /** @type {any} */ (null); // until the protocol's tables are here
  by = ""; // who records on this tablet, once that was given here
  /** @type {{ mark: string, when: number } | null} */
  lastMark = null; // the last tap on a mark, by this page's clock
  lostAt = -Infinity; // when recording went to another tablet, by this page's clock

  /**
   * @param {Copy} sync the session
   * @param {Finger} finger
   */
  constructor(sync, finger) {
    super();
    this.sync = sync;
    this.finger = finger;
  }

  /**
   * @param {string} kind
   * @param {LogEvent["data"]} data
   * @param {Tap} [tap]
   * @param {number} [at] when it happened, if earlier
   */
  enter(kind, data, tap, at) {
    const event = this.sync.enter(kind, data, this.name, { landed: this.finger.landing(tap), at });
    navigator.vibrate?.(10);
    return event;
  }

  get recorder() {
    return Boolean(this.model) && this.model.walk.recorder === this.sync.device;
  }

  // Who records on this tablet: as given at take-over, or when the procedure was opened here.
  get name() {
    const { opened, walk, entries } = this.model;
    const takenOver = entries.some((entry) => entry.event.kind === "takeover" && !entry.undone);
    if (this.by) return this.by;
    if (!takenOver) return opened.recorder ?? "";
    return walk.recorder === this.sync.device ? walk.recorded_by : "";
  }

  /**
   * An entry made from a panel, which it closes.
   * @param {string} kind
   * @param {LogEvent["data"]} data
   * @param {Tap} tap
   */
  settle(kind, data, tap) {
    this.panel = null;
    this.draft = "";
    return this.enter(kind, data, tap);
  }

  get guard() {
    return this.model.protocol.recording.same_tablet_s * 1000;
  }

  /**
   * @param {string[]} marks
   * @param {Tap} [tap]
   */
  mark(marks, tap) {
    const at = this.late?.at;
    if (this.isSecondTap(marks[0])) return;
    this.late = null;
    this.panel = null;
    this.phase = null;
    for (const mark of marks) {
      const planned = this.model.protocol.plan
        .filter((plan) => plan.on === mark && this.model.walk.plan[plan.key])
        .map((plan) => [plan.key, this.model.walk.plan[plan.key]]);
      this.enter("mark", { mark, ...Object.fromEntries(planned) }, tap, at);
    }
    this.draw();
  }

  /**
   * The same mark again within the guard time, wherever it was tapped, is the same tap.
   * @param {string} mark
   */
  isSecondTap(mark) {
    const now = performance.now();
    const { lastMark } = this;
    const second = lastMark !== null && now - lastMark.when < this.guard && lastMark.mark === mark;
    if (!second) this.lastMark = { mark, when: now };
    return second;
  }

  /**
   * @param {string} id
   * @param {Tap} tap
   */
  tickCheck(id, tap) {
    if (!Object.hasOwn(this.model.walk.checks, id)) {
      this.enter("check", { check: id }, tap);
      return;
    }
    const ticks = this.model.entries.filter(
      (entry) => !entry.undone && entry.event.kind === "check" && entry.data.check === id,
    );
    this.undoAll(ticks, tap);
  }

  /**
   * Choosing ahead, changing, or correcting where the needle is in: the tables say which it is.
   * @param {Plan} plan
   * @param {string} option
   * @param {Tap} tap
   */
  plan(plan, option, tap) {
    const { walk, state, entries } = this.model;
    if (walk.plan[plan.key] === option) return;
    const entry = entries.findLast(
      ({ event, data, undone }) => event.kind === "mark" && data.mark === plan.on && !undone,
    );
    if (entry && askedByPlan(this.model, entry, plan.key))
      this.enter("detail", { of: entry.event.id, set: { [plan.key]: option } }, tap);
    else if (entry && plan.change && Object.hasOwn(state.open, plan.change))
      this.enter("mark", { mark: plan.change, [plan.key]: option }, tap);
    else if (entry && !Object.hasOwn(state.open, plan.on)) this.open("replan", { plan, option, entry });
    else this.enter("value", { value: plan.key, is: option }, tap);
  }
  /** @type {(key: string, option: string, tap: Tap) => void} */
  planNext(key, option, tap) {
    this.settle("value", { value: key, is: option }, tap);
  }
  /** @type {(mark: string, option: string, tap: Tap) => void} */
  change(mark, option, tap) {
    this.settle("mark", { mark, [this.model.protocol.group]: option }, tap);
  }
  /** @type {(entry: Entry, key: string, option: string, tap: Tap) => void} */
  correct(entry, key, option, tap) {
    this.settle("amend", { of: entry.event.id, set: { [key]: option }, reason: "corrected at the bedside" }, tap);
  }
  /** @type {(entry: Entry, at: number, tap: Tap) => void} */
  move(entry, at, tap) {
    this.settle("amend", { of: entry.event.id, set: { at }, reason: "late entry" }, tap);
  }
  /** @type {(entry: Entry, key: string, value: any, tap: Tap) => void} */
  detail(entry, key, value, tap) {
    this.settle("detail", { of: entry.event.id, set: { [key]: value } }, tap);
  }
  /** @type {(id: string, value: any, tap: Tap) => void} */
  value(id, value, tap) {
    const [last, ...others] = valuesOf(this.model.protocol, id, value).reverse();
    for (const part of others) this.enter("value", part, tap);
    this.settle("value", last, tap);
  }
  /** @type {(id: string, tap: Tap, text?: string) => void} */
  complication(id, tap, text = this.draft.trim()) {
    this.settle("complication", { complication: id, ...(text && { text }) }, tap);
  }
  /** @type {(text: string, tap: Tap) => void} */
  note(text, tap) {
    this.settle("note", { text }, tap);
  }

  /**
   * @param {number} minutes
   * @param {Tap} tap
   */
  setTimer(minutes, tap) {
    const word = this.draft.trim();
    const text = word ? `Timer of ${minutes} min: ${word}` : `Timer of ${minutes} min`;
    this.settle("note", { text, timer_s: minutes * 60 }, tap);
  }
  /** @type {(name: string, tap: Tap) => void} */
  operator(name, tap) {
    this.settle("mark", { mark: this.model.protocol.operator_mark, operator: name }, tap);
  }
  /** @type {(entry: Entry, tap?: Tap) => void} */
  undo(entry, tap) {
    this.enter("undo", { of: entry.event.id }, tap);
  }
  /** @type {(entries: Entry[], tap?: Tap) => void} */
  undoAll(entries, tap) {
    for (const entry of entries) this.undo(entry, tap);
  }
  /** @type {(entry: Entry, tap: Tap) => void} */
  restore(entry, tap) {
    const undos = this.model.entries.filter(
      ({ event, data, undone }) => !undone && event.kind === "undo" && data.of === entry.event.id,
    );
    this.undoAll(undos, tap);
  }

  /**
   * Never waits: the name may come afterwards. A tablet that has just lost recording does not take it back by a late tap.
   * @param {Tap} tap
   */
  takeOver(tap) {
    if (performance.now() - this.lostAt < AGAIN_MS) return;
    this.by = "";
    this.enter("takeover", {}, tap);
    this.open("recorder");
  }
  /** @type {(name: string, tap: Tap) => void} */
  recordedBy(name, tap) {
    this.by = name;
    this.settle("takeover", {}, tap);
  }

  /**
   * Acting on an alarm, seeing it, and passing a prompt with a reason are three different entries.
   * @param {Alarm} alarm
   * @param {Tap} tap
   */
  act(alarm, tap) {
    const action = alarm.prompt ? alarm.prompt.table.action : alarm.act;
    if (!action) return;
    const grouped = this.model.protocol.plan.some((plan) => plan.change === action);
    if (grouped) this.open("choose", { mark: action });
    else this.mark([action], tap);
  }
  /** @type {(alarm: Alarm, tap: Tap) => void} */
  see(alarm, tap) {
    this.enter("ack", { alarm: alarm.kind, of: alarm.of }, tap);
  }
  /** @type {(prompt: WaitingPrompt, tap: Tap) => void} */
  pass(prompt, tap) {
    if (prompt.table.reasons.length) this.open("pass", { prompt });
    else this.answer(prompt, "", tap);
  }
  /** @type {(prompt: WaitingPrompt, reason: string, tap: Tap) => void} */
  answer(prompt, reason, tap) {
    this.settle("answer", { prompt: prompt.kind, of: prompt.event, ...(reason && { reason }) }, tap);
  }
}
