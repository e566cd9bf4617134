// What was entered last, of any kind, with its undo; what the last mark could still carry; late entry.

import { lower } from "../controls/buttons.js";
import { detail } from "../controls/detail.js";
import { h } from "../controls/dom.js";
import { timeOfDay } from "../model/format.js";
import { askedByPlan, lastMade, lastMark, lastWanting, missingDetails } from "../model/model.js";
import { carriedText, labelOf } from "../model/wording.js";

/**
 * @import { Model } from "../rules/types.js"
 * @import { Taps } from "../controls/taps.js"
 */

/**
 * @param {Model} model
 * @param {Taps} screen
 */
export function last(model, screen) {
  const { protocol } = model;
  const entry = lastMade(model).at(-1);
  const wanting = screen.recorder ? lastWanting(model) : null;
  const key = wanting && missingDetails(model, wanting).find((detailKey) => !askedByPlan(model, wanting, detailKey));
  const todo = entry?.event.kind === "complication" ? protocol.complication[entry.data.complication]?.do : "";
  return h(
    "aside",
    { class: "last", "aria-label": "Last entry" },
    h(
      "div",
      { class: "what" },
      entry ? h("time", {}, timeOfDay(entry.at)) : h("small", {}, "Nothing recorded yet"),
      entry && h("b", {}, labelOf(protocol, entry)),
      entry && h("span", {}, carriedText(protocol, entry)),
    ),
    h(
      "div",
      { class: "detail" },
      key ? detail(model, screen, wanting, key, wanting === entry) : todo && h("p", { class: "do" }, todo),
    ),
    screen.recorder && buttons(model, screen),
  );
}

/**
 * @param {Model} model
 * @param {Taps} screen
 */
function buttons(model, screen) {
  const entries = lastMade(model);
  const names = entries.map((entry) => labelOf(model.protocol, entry)).join(", ");
  return h(
    "div",
    { class: "row two" },
    h(
      "button",
      { class: "btn", disabled: !entries.length, onclick: (tap) => screen.undoAll(entries, tap) },
      entries.length ? `Undo ${lower(names)}` : "Undo",
    ),
    h(
      "button",
      {
        class: `btn ${screen.late ? "on" : ""}`,
        onclick: () => screen.open("late", { entry: lastMark(model)?.event.id }),
      },
      "Late…",
    ),
  );
}
