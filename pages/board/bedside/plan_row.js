// A row of options that are chosen ahead, such as the interspace: one tap each.

import { h } from "../controls/dom.js";
import { askedByPlan } from "../model/model.js";
import { counts } from "../rules/log.js";
import { fittingOptions, goes, leftOptions, optionsOf } from "../rules/options.js";

/**
 * @import { Option } from "../rules/tables.js"
 * @import { Model, PlanRow } from "../rules/types.js"
 * @import { Taps } from "../controls/taps.js"
 */

/**
 * @param {Model} model
 * @param {Taps} screen
 * @param {PlanRow} plan
 */
export function planRow(model, screen, plan) {
  const { protocol, entries } = model;
  const left = new Set(leftOptions(model).map(({ id }) => id));
  const warning = optionsOf(protocol, plan.key).find(({ id }) => id === plan.chosen)?.warn;
  const pills = fittingOptions(model, plan.key, model.walk.plan).map((option) =>
    pill(model, screen, plan, option, plan.key === protocol.group && !left.has(option.id)),
  );
  const entry = entries.findLast(
    (candidate) => candidate.event.kind === "mark" && candidate.data.mark === plan.on && counts(candidate),
  );
  const asks = screen.recorder && askedByPlan(model, entry, plan.key);
  const needed = asks && protocol.mark[plan.on].needs.includes(plan.key);
  return h(
    "div",
    { class: "row plan", key: plan.key },
    h("span", { class: `lab ${needed ? "need" : ""}` }, protocol.value[plan.key].label + (asks ? "?" : "")),
    h("div", { class: "pills" }, pills),
    warning && h("p", { class: "warn" }, warning),
  );
}

/**
 * @param {Model} model
 * @param {Taps} screen
 * @param {PlanRow} plan
 * @param {Option} option
 * @param {boolean} spent
 */
function pill(model, screen, plan, option, spent) {
  const { id, label, short } = option;
  const chosen = id === plan.chosen;
  const apart = !goes(model, plan.key, id, model.walk.plan);
  const suggested = !plan.chosen && model.opened[`suggested_${plan.key}`] === id;
  const name = [label, spent && "failed or barred", apart && "does not go together", suggested && "suggested"]
    .filter(Boolean)
    .join(", ");
  return h(
    "button",
    {
      key: id,
      class: `pill ${chosen ? "on" : ""} ${spent || apart ? "bad" : ""} ${suggested ? "hint" : ""}`,
      "aria-pressed": String(chosen),
      "aria-label": name,
      disabled: !screen.recorder,
      onclick: (tap) => screen.plan(plan, id, tap),
    },
    short || label,
  );
}
