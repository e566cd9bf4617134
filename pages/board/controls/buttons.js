// Buttons that are tapped or held, and the questions that an entry still asks.

import { labelOf } from "../model/wording.js";
import { fittingOptions } from "../rules/options.js";
import { h } from "./dom.js";

// What ends a procedure is held, everything else is tapped.
export function tapOrHold(m, ui, marks, held = endsIt(m, marks)) {
  if (!held) return { onclick: (tap) => ui.mark(marks, tap) };
  return {
    "data-hold": true,
    onpointerdown: (tap) => ui.hold(marks, tap),
    onpointerup: ui.letGo,
    onpointerleave: ui.letGo,
    onpointercancel: ui.letGo,
    onclick: (tap) => ui.pressed(marks, tap),
    oncontextmenu: (tap) => tap.preventDefault(),
  };
}

export function endsIt({ protocol, state }, marks) {
  const last = marks.at(-1);
  return (
    protocol.state[state.open[last]]?.final ||
    protocol.outcome.some((outcome) => outcome.closed && outcome.marks.includes(last))
  );
}

// As it stands in a sentence; what is written in capitals stays so.
export const lower = (text) => text.replace(/\b[A-Z][a-z]+/g, (word) => word.toLowerCase());

export function detail(m, ui, line, key, own) {
  const { protocol } = m;
  const value = protocol.value[key];
  const say = (found) => (tap) => ui.detail(line, key, found, tap);
  const needed = protocol.mark[line.data.mark].needs.includes(key);
  const of = own ? "" : `${labelOf(protocol, line)}: `;
  const title = h(
    "span",
    { class: `lab ${needed ? "need" : ""}` },
    of + (needed ? `${value.label}?` : value.unit ? `${value.label}, ${value.unit}?` : value.label),
  );
  if (value.type === "option") {
    return [
      title,
      h(
        "div",
        { class: "chips", key },
        fittingOptions(m, key, line.data).map((one) =>
          h("button", { class: "btn", key: one.id, onclick: say(one.id) }, one.short || one.label),
        ),
      ),
    ];
  }
  if (value.type === "number") {
    const amount = ui.amount(line.event.id, key) ?? value.usual ?? value.min ?? 0;
    const step = (by) => () =>
      ui.setAmount(
        line.event.id,
        key,
        Math.min(value.max ?? Infinity, Math.max(value.min ?? -Infinity, Math.round((amount + by) * 1000) / 1000)),
      );
    return [
      title,
      h(
        "div",
        { class: "stepper", key },
        h(
          "button",
          { class: "btn", "data-repeat": true, "aria-label": `less ${value.label}`, onclick: step(-value.step || -1) },
          "−",
        ),
        h("output", {}, String(amount)),
        h(
          "button",
          { class: "btn", "data-repeat": true, "aria-label": `more ${value.label}`, onclick: step(value.step || 1) },
          "+",
        ),
        h("button", { class: "btn on", onclick: say(amount) }, "Record"),
      ),
    ];
  }
  return [
    title,
    h(
      "button",
      { class: "btn wide", key, onclick: () => ui.open("detail", { entry: line.event.id, key }) },
      `${value.label}…`,
    ),
  ];
}

// What the recorder should know of this tablet itself.
export function tabletSays(ui) {
  const scriptless = ui.m.opened.drill === true && ui.m.opened.drill_id && !ui.drill;
  return [
    scriptless ? "Getting ready for no network…" : ui.offline.message([ui.sync]),
    ui.awake.maySleep && "this tablet may sleep",
  ]
    .filter(Boolean)
    .join(" · ");
}
