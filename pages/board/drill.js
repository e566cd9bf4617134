// A drill at the bedside: the trouble that its file scripts, told when it is due, and how it went.
//
// The debrief is the twin of core/debrief.py; tests/test_drill_browser.py demands the same answer of both.

import { h } from "./dom.js";
import { duration, timeOfDay } from "./format.js";
import { counts } from "./log.js";
import { keep, kept } from "./outbox.js";

const ANSWER_MS = 8000; // a half-open line answers neither yes nor no

/** The drill's tables: this tablet's own copy if there is one (renewed for the next time), else the server's, else null. */
export async function drillOf(id) {
  if (typeof id !== "string") return null;
  const key = `is:drill:${id}`;
  const fresh = fetch(`/api/drills/${encodeURIComponent(id)}`, { signal: AbortSignal.timeout(ANSWER_MS) })
    .then(async (answer) => (answer.ok ? (keep(key, await answer.json()), kept(key)) : null))
    .catch(() => null);
  return kept(key) ?? fresh;
}

/** What the team was asked, in order, and what it did: {step, tell, asked_at, done_at, event, after_s, late_s}. */
export function debrief(drill, m) {
  const left = drill.step.map((step) => step.after.nth);
  const waiting = []; // steps that nothing has answered yet, the one that was set off last at the front
  const asked = new Map();
  for (const line of m.lines.filter(counts)) {
    const place = waiting.findIndex((n) => isDone(line, drill.step[n].expect));
    if (place >= 0) {
      const [n] = waiting.splice(place, 1);
      Object.assign(asked.get(n), done(asked.get(n), drill.step[n], line));
    }
    const off = [];
    for (const [n, { after, wait_s, tell }] of drill.step.entries()) {
      left[n] -= setsOff(line, after, m.walk.prompts);
      if (left[n] > 0 || asked.has(n)) continue;
      asked.set(n, { step: n + 1, tell, asked_at: line.event.tapped + wait_s * 1000, done_at: null, event: null, after_s: null, late_s: null });
      off.push(n);
    }
    waiting.unshift(...off);
  }
  const last = m.lines.reduce((latest, line) => Math.max(latest, line.event.tapped), 0);
  const kept = [...asked.values()].filter((one) => one.done_at !== null || m.over === null || one.asked_at <= last);
  return kept.sort((one, other) => one.asked_at - other.asked_at || one.step - other.step);
}

const EXPECT = ["mark", "complication", "check", "value"];

const isDone = ({ event, data }, expect) => EXPECT.includes(event.kind) && (data[event.kind] ?? null) !== null && data[event.kind] === expect[event.kind];

// How many times this entry is what a step waits for.
function setsOff({ event, data }, after, prompts) {
  if (after.prompt !== null) return prompts.filter((prompt) => prompt.event === event.id && prompt.kind === after.prompt).length;
  return event.kind === "mark" && data.mark === after.mark ? 1 : 0;
}

function done({ asked_at }, { within_s }, line) {
  const seconds = Math.floor((line.at - asked_at) / 1000);
  return { done_at: line.at, event: line.event.id, after_s: seconds, late_s: Math.max(0, seconds - within_s) };
}

/** What the team should know now: `told`, the trouble that came last of those that are `due` and wait for an answer. */
export function script(drill, m, now) {
  const due = debrief(drill, m).filter((one) => one.done_at === null && one.asked_at <= now);
  return { told: m.over === null ? (due.at(-1)?.tell ?? null) : null, due };
}

/** The bar above the board. It keeps its size whatever it says. */
export function strip(m, ui) {
  const told = ui.drill ? script(ui.drill, m, ui.sync.now()).told : null;
  const quiet = m.over !== null ? "The drill has ended." : (ui.drill?.title ?? (m.opened.drill_id ? "Loading the script…" : "A drill without a script"));
  const open = ui.panel?.name === "debrief";
  return h("section", { class: `drill-strip ${told ? "told" : ""}`, key: "drill", "aria-label": "Drill" },
    h("strong", {}, "DRILL"),
    h("p", { role: "status", "aria-live": "assertive" }, told ?? quiet),
    h("button", { class: "btn", "aria-expanded": String(open), disabled: !ui.drill, onclick: () => (open ? ui.close() : ui.open("debrief")) }, "Debrief"));
}

/** What a panel of the board shows of a drill: asked, done, late. */
export function debriefPanel(m, ui) {
  const title = h("div", { class: "title" }, h("h2", {}, "Debrief"), h("button", { class: "btn close", onclick: ui.close }, "Close"));
  if (!ui.drill) return [title, h("p", { class: "quiet" }, "This tablet has no script of this drill.")];
  const now = ui.sync.now();
  const rows = debrief(ui.drill, m).filter((one) => one.done_at !== null || one.asked_at <= now);
  return [title, h("p", { class: "quiet" }, sums(ui.drill, rows)), h("ol", { class: "debrief" }, rows.map((row) => entry(m, ui.drill.step[row.step - 1], row)))];
}

function sums(drill, rows) {
  const number = (which) => rows.filter(which).length;
  const unmet = drill.step.length - rows.length;
  return [`${number((one) => one.late_s === 0)} of ${rows.length} in time`, `${number((one) => one.late_s > 0)} late`, `${number((one) => one.done_at === null)} not done`, unmet > 0 && `${unmet} not reached`].filter(Boolean).join(" · ");
}

function entry({ protocol }, step, row) {
  const kind = EXPECT.find((one) => step.expect[one] !== null);
  const { label } = protocol[kind][step.expect[kind]];
  const tone = row.late_s === null ? "red" : row.late_s > 0 ? "amber" : "go";
  return h("li", { key: String(row.step) },
    h("time", {}, timeOfDay(row.asked_at)), h("b", {}, row.tell),
    h("span", {}, `Asked for: ${label} within ${duration(step.within_s)}`),
    h("em", { class: tone }, verdict(row)));
}

function verdict({ done_at, after_s, late_s }) {
  if (done_at === null) return "Never done";
  const when = `Done ${timeOfDay(done_at)}`;
  if (after_s < 0) return `${when}, before it was asked`;
  return `${when}, after ${after_s} s: ${late_s > 0 ? `${late_s} s late` : "in time"}`;
}
