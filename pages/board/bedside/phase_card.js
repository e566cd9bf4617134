// The middle of the board: what the phase asks, or a panel that the recorder opened. It never covers marks or foot.

import { checkButton, valueButton } from "../controls/checks.js";
import { h } from "../controls/dom.js";
import { panelOf } from "../controls/panels.js";
import { ringsOf } from "../controls/ring.js";
import { number } from "../model/format.js";
import { checksOf, endsNext, lacking, planRows, valuesOf } from "../model/model.js";
import { planRow } from "./plan_row.js";

/**
 * @import { Total, State } from "../rules/tables.js"
 * @import { Model } from "../rules/types.js"
 * @import { Taps } from "../controls/taps.js"
 */

/**
 * @param {Model} model
 * @param {Taps} screen
 */
export function middle(model, screen) {
  const { panel } = screen;
  const phase = screen.phase ?? model.phase;
  return h(
    "section",
    {
      class: "card",
      key: panel ? `panel-${panel.name}` : `phase-${phase}`,
      "aria-label": panel ? "Panel" : model.protocol.phase[phase].label,
    },
    panel ? panelOf(model, screen) : phaseCard(model, screen, phase),
  );
}

/**
 * @param {Model} model
 * @param {Taps} screen
 * @param {string} phase
 */
function phaseCard(model, screen, phase) {
  const { protocol } = model;
  const rows = planRows(model, phase).map((plan) => planRow(model, screen, plan));
  const checks = checksOf(protocol, phase).map((id) => checkButton(model, screen, id));
  const rings = ringsOf(model, screen, phase);
  const values = valuesOf(protocol, phase).map((id) => valueButton(model, screen, id));
  const elsewhere = `Looking at ${protocol.phase[phase].label}. Recording goes on in ${protocol.phase[model.phase].label}.`;
  const lacks = (model.over !== null || endsNext(model)) && missing(model, screen);
  const empty = !lacks && !rings.length && !rows.length && !checks.length && !values.length;
  return [
    phase !== model.phase && h("p", { class: "elsewhere" }, elsewhere),
    lacks,
    rings,
    rows,
    checks.length > 0 && h("div", { class: "checks" }, checks),
    values.length > 0 && h("div", { class: "values" }, values),
    totals(model, phase),
    empty && blank(model, phase),
  ];
}

/**
 * @param {Model} model
 * @param {string} phase
 */
const blank = ({ protocol, state }, phase) =>
  h(
    "div",
    { class: "blank" },
    h("h2", {}, protocol.phase[phase].label),
    h("p", { class: "quiet" }, state.phases.includes(phase) ? `Now: ${state.label}.` : ""),
  );

/**
 * Before the end and at it: what the protocol asks for and the record lacks, by name.
 * @param {Model} model
 * @param {Taps} screen
 */
function missing(model, screen) {
  const items = lacking(model);
  if (!items.length) {
    if (!model.protocol.expect.length) return false;
    return h("p", { class: "whole", key: "lacks" }, "Nothing is missing from this record.");
  }
  return h(
    "section",
    { class: "lacks", key: "lacks", "aria-label": "Missing from this record" },
    h("h2", {}, "Missing from this record"),
    h(
      "ul",
      {},
      items.map(({ name, where, panel }, n) =>
        h(
          "li",
          { key: String(n) },
          h(
            "button",
            { class: "btn", disabled: !screen.recorder, onclick: () => screen.open(panel.name, panel) },
            h("b", {}, name),
            h("span", {}, where),
          ),
        ),
      ),
    ),
    h("button", { class: "btn", onclick: () => screen.open("log") }, "Why: in the log"),
  );
}

/**
 * What adds up, shown in the phases of the states where its mark is open.
 * @param {Model} model
 * @param {string} phase
 */
function totals({ protocol, walk }, phase) {
  const states = Object.values(protocol.state).filter((state) => state.phases.includes(phase));
  /** @type {(state: State, mark: string) => boolean} */
  const isNear = (state, mark) => Object.hasOwn(state.open, mark) && !state.rare.includes(mark);
  return protocol.total
    .filter((total) => walk.totals[total.id] > 0 && states.some((state) => isNear(state, total.mark)))
    .map((total) => {
      const sum = walk.totals[total.id];
      const limited = total.ceiling.some((ceiling) => walk.values[ceiling.when] >= ceiling.at_least);
      return h(
        "p",
        { class: "total", key: total.id },
        h("b", {}, `${total.label}: ${number(sum)} ${total.unit}${perUnit(total, sum, walk.values)}`),
        limited ? "" : ` ${total.no_ceiling}`,
      );
    });
}

/**
 * " · 4.2 mg/kg", once the value by which it is divided is known.
 * @param {Total} total
 * @param {number} sum
 * @param {Record<string, any>} values
 */
function perUnit({ per, per_unit }, sum, values) {
  const size = per === null ? 0 : values[per];
  return size > 0 ? ` · ${number(Math.round((sum / size) * 100) / 100)} ${per_unit}` : "";
}
