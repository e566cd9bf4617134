// The marks of the state as large buttons; on a tablet that watches, the way to record here.

import { endsIt, tapOrHold } from "../controls/buttons.js";
import { h } from "../controls/dom.js";
import { timeOfDay } from "../model/format.js";
import { openMarks } from "../model/model.js";
import { timerOf } from "../model/timers.js";
import { optionsOf } from "../rules/options.js";

/**
 * @import { Model, OpenMark } from "../rules/types.js"
 * @import { Board } from "./bedside.js"
 */

/**
 * @param {Model} model
 * @param {Board} screen
 */
export function marks(model, screen) {
  if (!screen.recorder) return watching(model, screen);
  if (model.over)
    return h(
      "div",
      { class: "marks none" },
      h("p", {}, `This procedure has ended: ${model.over}.`),
      h("a", { class: "btn big on", href: "/" }, "Back to Start"),
    );
  const { near } = openMarks(model);
  const next = nextMark(model, screen, near);
  const buttons = near.map((mark, n) => markButton(model, screen, mark, n === 0, mark === next));
  return h("div", { class: `marks n${Math.min(near.length, 5)} ${screen.late ? "late" : ""}` }, buttons);
}

/**
 * The mark to be tapped next is filled: what a prompt asks for, else the first, once its time has come.
 * @param {Model} model
 * @param {Board} screen
 * @param {OpenMark[]} near
 */
function nextMark(model, screen, near) {
  const asked = screen.alarms.find((alarm) => alarm.prompt?.table.action)?.prompt?.table.action;
  if (asked) return near.find((mark) => mark.marks[0] === asked) ?? null;
  const [first] = near;
  const timer = timerOf(model, [first.marks[0]]);
  const early = timer?.clock.sum && screen.sync.now() < timer.ends;
  return early ? null : first;
}

/**
 * @param {Model} model
 * @param {Board} screen
 * @param {OpenMark} mark
 * @param {boolean} first
 * @param {boolean} filled
 */
function markButton(model, screen, mark, first, filled) {
  const small = screen.late ? `at ${timeOfDay(screen.late.at)}` : hint(model, mark);
  return h(
    "button",
    {
      key: mark.id,
      class: `mark ${first ? "first" : ""} ${filled ? "fill" : ""} ${mark.tone}`,
      ...tapOrHold(model, screen, mark.marks),
    },
    h("b", {}, mark.label),
    h("small", {}, endsIt(model, mark.marks) ? "hold to end" : small),
    first && screen.pedal.on && h("kbd", {}, "Pedal or Enter"),
  );
}

/**
 * What a mark would carry, or what it means.
 * @param {Model} model
 * @param {OpenMark} mark
 */
function hint({ protocol, walk }, mark) {
  const plans = protocol.plan.filter((plan) => mark.marks[0] === plan.on);
  if (!plans.length) return mark.hint || " ";
  const options = plans.map(({ key }) => optionsOf(protocol, key).find(({ id }) => id === walk.plan[key]));
  const missing = plans.find(({ on, key }, n) => protocol.mark[on].needs.includes(key) && !options[n]);
  if (missing) return `${protocol.value[missing.key].label} not chosen yet`;
  return options
    .filter((option) => option !== undefined)
    .map(({ short, label }) => short || label)
    .join(" · ");
}

/**
 * @param {Model} model
 * @param {Board} screen
 */
function watching({ walk }, screen) {
  const { recorder, recorded_by: name } = walk;
  const where = name ? `${name} records on another tablet.` : "Another tablet records.";
  return h(
    "div",
    { class: "marks watch" },
    h("p", {}, recorder ? `Watching. ${where}` : "Nobody records on a tablet yet."),
    h(
      "button",
      { class: "mark", key: "take", onclick: (tap) => screen.takeOver(tap) },
      h("b", {}, "Record on this tablet"),
      h("small", {}, "take over, now"),
    ),
  );
}
