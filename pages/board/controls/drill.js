// A drill at the bedside: the trouble that its file scripts, told when it is due, and how it went.

import { keep, stored } from "../link/outbox.js";
import { DRILL } from "../link/storage_keys.js";
import { duration, timeOfDay } from "../model/format.js";
import { debrief, EXPECT } from "../rules/debrief.js";
import { h } from "./dom.js";

const ANSWER_MS = 8000; // a half-open line answers neither yes nor no

/** The drill's tables: this tablet's own copy if there is one (renewed for the next time), else the server's, else null. */
export async function drillOf(id) {
  if (typeof id !== "string") return null;
  const key = DRILL + id;
  const fresh = fetch(`/api/drills/${encodeURIComponent(id)}`, { signal: AbortSignal.timeout(ANSWER_MS) })
    .then(async (answer) => (answer.ok ? (keep(key, await answer.json()), stored(key)) : null))
    .catch(() => null);
  return stored(key) ?? fresh;
}

/** What the team was asked, in order, and what it did: {step, tell, asked_at, done_at, event, after_s, late_s}. */
/** What the team should know now: `told`, the trouble that came last of those that are `due` and wait for an answer. */
export function script(drill, m, now) {
  const due = debrief(drill, m).filter((one) => one.done_at === null && one.asked_at <= now);
  return { told: m.over === null ? (due.at(-1)?.tell ?? null) : null, due };
}

/** The bar above the board. It keeps its size whatever it says. */
export function strip(m, ui) {
  const told = ui.drill ? script(ui.drill, m, ui.sync.now()).told : null;
  const quiet =
    m.over !== null
      ? "The drill has ended."
      : (ui.drill?.title ?? (m.opened.drill_id ? "Loading the script…" : "A drill without a script"));
  const open = ui.panel?.name === "debrief";
  return h(
    "section",
    { class: `drill-strip ${told ? "told" : ""}`, key: "drill", "aria-label": "Drill" },
    h("strong", {}, "DRILL"),
    h("p", { role: "status", "aria-live": "assertive" }, told ?? quiet),
    h(
      "button",
      {
        class: "btn",
        "aria-expanded": String(open),
        disabled: !ui.drill,
        onclick: () => (open ? ui.close() : ui.open("debrief")),
      },
      "Debrief",
    ),
  );
}

/** What a panel of the board shows of a drill: asked, done, late. */
export function debriefPanel(m, ui) {
  const title = h(
    "div",
    { class: "title" },
    h("h2", {}, "Debrief"),
    h("button", { class: "btn close", onclick: ui.close }, "Close"),
  );
  if (!ui.drill) return [title, h("p", { class: "quiet" }, "This tablet has no script of this drill.")];
  const now = ui.sync.now();
  const rows = debrief(ui.drill, m).filter((one) => one.done_at !== null || one.asked_at <= now);
  return [
    title,
    h("p", { class: "quiet" }, sums(ui.drill, rows)),
    h(
      "ol",
      { class: "debrief" },
      rows.map((row) => entry(m, ui.drill.step[row.step - 1], row)),
    ),
  ];
}

function sums(drill, rows) {
  const number = (which) => rows.filter(which).length;
  const unmet = drill.step.length - rows.length;
  return [
    `${number((one) => one.late_s === 0)} of ${rows.length} in time`,
    `${number((one) => one.late_s > 0)} late`,
    `${number((one) => one.done_at === null)} not done`,
    unmet > 0 && `${unmet} not reached`,
  ]
    .filter(Boolean)
    .join(" · ");
}

function entry({ protocol }, step, row) {
  const kind = EXPECT.find((one) => step.expect[one] !== null);
  const { label } = protocol[kind][step.expect[kind]];
  const tone = row.late_s === null ? "red" : row.late_s > 0 ? "amber" : "go";
  return h(
    "li",
    { key: String(row.step) },
    h("time", {}, timeOfDay(row.asked_at)),
    h("b", {}, row.tell),
    h("span", {}, `Asked for: ${label} within ${duration(step.within_s)}`),
    h("em", { class: tone }, verdict(row)),
  );
}

function verdict({ done_at, after_s, late_s }) {
  if (done_at === null) return "Never done";
  const when = `Done ${timeOfDay(done_at)}`;
  if (after_s < 0) return `${when}, before it was asked`;
  return `${when}, after ${after_s} s: ${late_s > 0 ? `${late_s} s late` : "in time"}`;
}
