// The rail of phases: which is now, which are behind with what was left out, which the recorder looks at.

import { h } from "../controls/dom.js";
import { checksOf, tookPlace } from "../model/model.js";

/**
 * @import { Model } from "../rules/types.js"
 * @import { Board } from "./bedside.js"
 */

/**
 * @param {Model} model
 * @param {Board} screen
 */
export function rail(model, screen) {
  const { protocol, phase } = model;
  const order = Object.keys(protocol.phase);
  const shown = screen.phase ?? phase;
  const place = `${order.indexOf(phase) + 1} of ${order.length}`;
  return h(
    "nav",
    { class: `rail ${screen.railOpen ? "open" : ""}`, "aria-label": "Phases" },
    h(
      "button",
      { class: "fold", key: "fold", "aria-expanded": String(screen.railOpen), onclick: screen.foldRail },
      protocol.phase[shown].label,
      h("span", { class: "n" }, `${place} ${screen.railOpen ? "▴" : "▾"}`),
    ),
    h(
      "div",
      { class: "steps", key: "steps" },
      order.map((id) => step(model, screen, id, id === shown)),
    ),
  );
}

/**
 * @param {Model} model
 * @param {Board} screen
 * @param {string} id the phase's
 * @param {boolean} shown
 */
function step(model, screen, id, shown) {
  const { protocol, walk, phase } = model;
  const order = Object.keys(protocol.phase);
  const checks = checksOf(protocol, id);
  const ticked = checks.filter((check) => Object.hasOwn(walk.checks, check)).length;
  const past = order.indexOf(id) < order.indexOf(phase);
  const done = past && tookPlace(model, id);
  const kind = id === phase ? "now" : done ? "done" : past ? "gap-left" : "ahead";
  return h(
    "button",
    {
      key: id,
      class: `step ${kind} ${shown ? "on" : ""}`,
      "aria-current": id === phase ? "step" : null,
      onclick: () => screen.look(id === phase ? null : id),
    },
    h("span", { class: "ic", "aria-hidden": "true" }, done ? "✓" : past ? "–" : ""),
    h("span", { class: "nm" }, protocol.phase[id].short || protocol.phase[id].label),
    checks.length > 0 &&
      h("span", { class: "n", "aria-label": `${ticked} of ${checks.length} ticked` }, `${ticked}/${checks.length}`),
  );
}
