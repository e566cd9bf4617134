// What opens beside the board for one patient: the next action and the others, observations, bed and checks, corrections.

import { endsIt, tapOrHold } from "../controls/buttons.js";
import { h } from "../controls/dom.js";
import { check, panelOf, valueChip } from "../controls/panels.js";
import { timeOfDay } from "../model/format.js";
import { checksOf, lastMark, openMarks, valuesOf } from "../model/model.js";
import { isEarly } from "../model/timers.js";
import { unmet } from "../rules/evidence.js";
import { askRow } from "./ask.js";
import { action, early, flagRow, keptRow, place, undo } from "./card.js";
import { observations } from "./observations.js";
import { nameField } from "./top.js";

export function sheet(p, face, page) {
  const { m, session } = p;
  const inside = p.panel
    ? [h("p", { class: "whose" }, m.opened.patient ?? "…", h("small", {}, ` ${place(p)}`)), panelOf(m, p)]
    : whole(p, face, page);
  return h("section", { class: "sheet", key: `sheet ${session}`, "aria-label": "Panel" }, inside);
}

function whole(p, face, page) {
  const { m } = p;
  return [
    h(
      "div",
      { class: "title" },
      h("h2", {}, m.opened.patient ?? "…", h("small", {}, ` ${place(p)}`)),
      h("button", { class: "btn close", onclick: page.close }, "Close"),
    ),
    h("p", { class: "now" }, h("b", {}, face.title), h("strong", {}, face.big), h("small", {}, face.small)),
    h("p", { class: "quiet" }, face.lacks && h("em", {}, `Missing: ${face.lacks}. `), face.sub),
    p.flags.map(flagRow),
    p.kept.map(keptRow),
    p.asks.map((ask) => askRow(p, ask)),
    p.late && h("p", { class: "warn", role: "status" }, `The next mark is entered at ${timeOfDay(p.late.at)}.`),
    h("div", { class: "acts" }, action(p, face), others(p, page)),
    observations(p, seldom(p, page)),
    facts(p),
    tools(p),
  ];
}

// The other marks of the state.
function others(p, page) {
  return offered(p, "near")
    .filter((one) => one.id !== p.stand.next.id)
    .map((one) => markButton(p, one, page, "quiet"));
}

// Marks that are rare here, such as one that restarts a clock: what was just observed may call for them.
function seldom(p, page) {
  const buttons = offered(p, "rare").map((one) => markButton(p, one, page, "big"));
  return buttons.length > 0 && h("div", { class: "choices", key: "seldom" }, buttons);
}

// Calls have a page of their own.
function offered({ m, stand }, which) {
  const calls = m.protocol.follow_up.flatMap((call) => [call.made, call.tried]);
  return stand.next ? openMarks(m)[which].filter((one) => !one.marks.some((mark) => calls.includes(mark))) : [];
}

// What ends a timer before its time is held. A mark that another button writes with a second one says that it writes no more.
function markButton(p, { id, label, marks, tone }, page, kind) {
  const soon = isEarly(p.m, marks, page.ward.now());
  const held = soon || endsIt(p.m, marks);
  const alone = p.stand.next.marks.length > 1 && marks.length === 1 && p.stand.next.marks.includes(marks[0]);
  const says = [alone && "only this", held && "hold"].filter(Boolean).join(" · ");
  return h(
    "button",
    { class: `btn ${kind} ${tone}`, key: id, ...tapOrHold(p.m, p, marks, held) },
    soon ? early(p.m, marks) : label,
    says && h("small", {}, says),
  );
}

// Values and checks of the ward, and those that should stand before the next action.
function facts(p) {
  const { protocol, entries } = p.m;
  const phases = Object.keys(protocol.phase).filter((phase) => protocol.phase[phase].ward);
  const lacking = p.stand.next ? unmet(protocol, entries, p.stand.next.marks.at(-1)) : [];
  const observed = new Set(protocol.observe.map((one) => one.check));
  const each = (own, of) => [
    ...new Set([...phases.flatMap((phase) => own(protocol, phase)), ...lacking.map((one) => one[of]).filter(Boolean)]),
  ];
  const [values, checks] = [each(valuesOf, "value"), each(checksOf, "check").filter((id) => !observed.has(id))];
  return [
    h(
      "div",
      { class: "checks", key: "checks" },
      checks.map((id) => check(p.m, p, id)),
    ),
    h(
      "div",
      { class: "values", key: "values" },
      values.map((id) => valueChip(p.m, p, id)),
    ),
  ];
}

function tools(p) {
  const { m, session } = p;
  const review = m.walk.review.length + p.sync.refused.length;
  return h(
    "div",
    { class: "choices tools" },
    p.stand.next && undo(p),
    h(
      "button",
      { class: "btn", key: "late", onclick: () => p.open("late", { entry: lastMark(m)?.event.id }) },
      "Late…",
    ),
    h("button", { class: "btn", key: "note", onclick: () => p.open("note") }, "Note…"),
    h(
      "button",
      { class: `btn ${review ? "amber" : ""}`, key: "log", onclick: () => p.open("log") },
      review ? `Log: ${review} to review` : "Log",
    ),
    h(
      "a",
      { class: "btn", key: "handover", href: `/handover?s=${encodeURIComponent(session)}`, target: "_self" },
      "Hand over…",
    ),
    h(
      "a",
      {
        class: "btn",
        key: "patient",
        href: `/patient?p=${encodeURIComponent(m.opened.patient ?? "")}`,
        target: "_self",
      },
      "Patient",
    ),
  );
}

/** Who records on this tablet: goes with every entry made here. */
export function whoSheet(page) {
  return h(
    "section",
    { class: "sheet", key: "sheet who", "aria-label": "Panel" },
    h(
      "div",
      { class: "title" },
      h("h2", {}, "Who records on this tablet?"),
      h("button", { class: "btn close", onclick: page.close }, "Close"),
    ),
    h("div", { class: "row" }, nameField(page), h("button", { class: "btn on", onclick: page.name }, "Record")),
    h("p", { class: "quiet" }, "They go with every entry made here, until they are changed."),
  );
}
