// A drill at the bedside: the trouble that its file scripts, told when it is due, and how it went.

import { keep, stored } from "../link/outbox.js";
import { DRILL } from "../link/storage_keys.js";
import { duration, timeOfDay } from "../model/format.js";
import { debrief, EXPECT } from "../rules/debrief.js";
import { h } from "./dom.js";
import { title } from "./panel_parts.js";

/**
 * @import { Asked, Drill, DrillStep, Model } from "../rules/types.js"
 * @import { Screen } from "./types.js"
 */

const ANSWER_MS = 8000; // a half-open line answers neither yes nor no

/**
 * The drill's tables: this tablet's own copy if there is one (renewed for the next time), else the server's, else null.
 * @param {unknown} id
 * @returns {Promise<Drill | null>}
 */
export async function drillOf(id) {
  if (typeof id !== "string") return null;
  const key = DRILL + id;
  const renewed = renew(key, id).catch(() => null);
  return stored(key) ?? renewed;
}

/**
 * @param {string} key
 * @param {string} id
 */
async function renew(key, id) {
  const answer = await fetch(`/api/drills/${encodeURIComponent(id)}`, { signal: AbortSignal.timeout(ANSWER_MS) });
  if (!answer.ok) return null;
  keep(key, await answer.json());
  return stored(key);
}

/**
 * What the team should know now: `told`, the trouble that came last of those that are `due` and wait for an answer.
 * @param {Drill} drill
 * @param {Model} model
 * @param {number} now
 */
export function script(drill, model, now) {
  const due = debrief(drill, model).filter((asked) => asked.done_at === null && asked.asked_at <= now);
  return { told: model.over === null ? (due.at(-1)?.tell ?? null) : null, due };
}

/**
 * The bar above the board. It keeps its size whatever it says.
 * @param {Model} model
 * @param {Screen} screen
 */
export function strip(model, screen) {
  const { drill } = screen;
  const trouble = drill ? script(drill, model, screen.sync.now()).told : null;
  const loading = model.opened.drill_id ? "Loading the script…" : "A drill without a script";
  const quiet = model.over === null ? (drill?.title ?? loading) : "The drill has ended.";
  const open = screen.panel?.name === "debrief";
  return h(
    "section",
    { class: `drill-strip ${trouble ? "told" : ""}`, key: "drill", "aria-label": "Drill" },
    h("strong", {}, "DRILL"),
    h("p", { role: "status", "aria-live": "assertive" }, trouble ?? quiet),
    h(
      "button",
      {
        class: "btn",
        "aria-expanded": String(open),
        disabled: !drill,
        onclick: () => (open ? screen.close() : screen.open("debrief")),
      },
      "Debrief",
    ),
  );
}

/**
 * What a panel of the board shows of a drill: asked, done, late.
 * @param {Model} model
 * @param {Screen} screen
 */
export function debriefPanel(model, screen) {
  const { drill } = screen;
  const heading = title("Debrief", screen);
  if (!drill) return [heading, h("p", { class: "quiet" }, "This tablet has no script of this drill.")];
  const now = screen.sync.now();
  const reached = debrief(drill, model).filter((asked) => asked.done_at !== null || asked.asked_at <= now);
  return [
    heading,
    h("p", { class: "quiet" }, sums(drill, reached)),
    h(
      "ol",
      { class: "debrief" },
      reached.map((asked) => line(model, drill.step[asked.step - 1], asked)),
    ),
  ];
}

/**
 * @param {Drill} drill
 * @param {Asked[]} reached
 */
function sums(drill, reached) {
  const inTime = reached.filter(({ late_s }) => late_s === 0).length;
  const late = reached.filter(({ late_s }) => late_s !== null && late_s > 0).length;
  const undone = reached.filter(({ done_at }) => done_at === null).length;
  const ahead = drill.step.length - reached.length;
  return [
    `${inTime} of ${reached.length} in time`,
    `${late} late`,
    `${undone} not done`,
    ahead > 0 && `${ahead} not reached`,
  ]
    .filter(Boolean)
    .join(" · ");
}

/**
 * @param {Model} model
 * @param {DrillStep} step
 * @param {Asked} asked
 */
function line({ protocol }, step, asked) {
  const kinds = /** @type {(keyof DrillStep["expect"])[]} */ (EXPECT);
  const labels = kinds.map((kind) => {
    const id = step.expect[kind];
    return id === null ? null : protocol[kind][id].label;
  });
  const tone = asked.late_s === null ? "red" : asked.late_s > 0 ? "amber" : "go";
  return h(
    "li",
    { key: String(asked.step) },
    h("time", {}, timeOfDay(asked.asked_at)),
    h("b", {}, asked.tell),
    h("span", {}, `Asked for: ${labels.find((label) => label !== null)} within ${duration(step.within_s)}`),
    h("em", { class: tone }, verdict(asked)),
  );
}

/** @param {Asked} asked */
function verdict({ done_at, after_s, late_s }) {
  if (done_at === null || after_s === null) return "Never done";
  const when = `Done ${timeOfDay(done_at)}`;
  if (after_s < 0) return `${when}, before it was asked`;
  return `${when}, after ${after_s} s: ${late_s ? `${late_s} s late` : "in time"}`;
}
