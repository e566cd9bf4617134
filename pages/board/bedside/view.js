// The board's fixed places: head, clocks, rail, banner, marks, last entry, foot. Every place keeps its size and position.

import { detail, endsIt, lower, tabletSays, tapOrHold } from "../controls/buttons.js";
import { savedChip, soundChip, themeChip } from "../controls/chips.js";
import { h } from "../controls/dom.js";
import { span, timeOfDay } from "../model/format.js";
import {
  askedByPlan,
  checksOf,
  flags,
  headline,
  lastMade,
  lastMark,
  lastWanting,
  missingDetails,
  openMarks,
  tookPlace,
} from "../model/model.js";
import { timerOf } from "../model/timers.js";
import { carriedText, labelOf } from "../model/wording.js";
import { counts } from "../rules/log.js";
import { optionsOf } from "../rules/options.js";

export function head(m, ui) {
  const { opened, walk } = m;
  const who = [opened.dose && `dose ${opened.dose}`, walk.operator, walk.recorded_by && `rec. ${walk.recorded_by}`]
    .filter(Boolean)
    .join(" · ");
  const review = walk.review.length + ui.sync.refused.length;
  const others = ui.sync.present - 1;
  return h(
    "header",
    { class: "head" },
    h(
      "a",
      { class: "chip home", href: "/", "aria-label": "Back to Start" },
      "‹",
      h("span", { class: "wide" }, " Start"),
    ),
    h("h1", {}, opened.patient ?? "…"),
    h("span", { class: "who" }, h("span", {}, who), h("small", {}, tabletSays(ui))),
    flags(m).map((flag) => h("strong", { class: "flag", key: flag.id }, flag.label)),
    h("span", { class: "gap" }),
    others > 0 && h("span", { class: "chip wide", key: "present" }, `${others} watching`),
    soundChip(ui.sound, ui.alarms, ui.soundTapped),
    themeChip(ui.theme),
    h("button", { class: "chip wide spare", onclick: () => ui.open("qr"), key: "qr" }, "QR"),
    h(
      "button",
      { class: `chip ${review ? "amber" : ""}`, onclick: () => ui.open("log"), key: "log" },
      review
        ? [h("span", { class: "wide" }, `${review} to review`), h("span", { class: "narrow" }, `Log ${review}`)]
        : "Log",
    ),
    h("button", { class: "chip", onclick: () => ui.open("more"), key: "more" }, "More…"),
    savedChip(ui.sync.outbox.length, ui.sync.online, ui.sync.lowOnSpace),
  );
}

export function clocks(m, ui) {
  const { protocol, walk } = m;
  const now = ui.sync.now();
  const shown = protocol.phase[m.phase].headline.map((id) =>
    clockOf(
      protocol.clock.find((one) => one.id === id),
      walk.clocks.find((one) => one.id === id),
      protocol,
      now,
    ),
  );
  return h("section", { class: "clocks", "aria-label": "Clocks" }, shown, counter(m));
}

function clockOf(table, reading, protocol, now) {
  const elapsed = reading.closed + (reading.running === null ? 0 : Math.max(0, now - reading.running));
  const least = protocol.window.find((window) => window.clock === table.id && window.below_s && table.sum);
  const started = reading.running !== null || reading.end !== null;
  const ends = least && reading.running !== null ? reading.running + least.below_s * 1000 - reading.closed : null;
  const note = ends === null ? "" : ends > now ? `ends ${timeOfDay(ends, false)}` : `reached ${timeOfDay(ends, false)}`;
  return h(
    "div",
    { class: `clock ${reading.running === null ? "" : "run"}`, key: table.id },
    h("small", {}, table.label, least && h("span", { class: "of" }, ` of ${span(least.below_s * 1000)}`)),
    h("strong", { class: started ? "" : "idle" }, started ? span(elapsed) : "–"),
    note && h("span", { class: "note" }, note),
  );
}

function counter(m) {
  const { label, total, group, limit, failed, tried, pending } = headline(m);
  const pips = Array.from({ length: limit }, (_, n) =>
    h("i", { class: n < failed ? "x" : n < tried ? (pending ? "h" : "ok") : "" }),
  );
  const words = group ? `${label} · at ${group}: ${failed} of ${limit} unsuccessful` : label;
  return h(
    "div",
    { class: "clock count", key: "count" },
    h("small", {}, group ? `${label} · at ${group}` : label),
    h("strong", {}, String(total)),
    group && h("span", { class: "pips", role: "img", "aria-label": words }, pips),
  );
}

export function rail(m, ui) {
  const { protocol, walk, phase } = m;
  const order = Object.keys(protocol.phase);
  const looked = ui.phase ?? phase;
  const entries = order.map((id, n) => {
    const ids = checksOf(protocol, id);
    const ticked = ids.filter((check) => Object.hasOwn(walk.checks, check)).length;
    const past = n < order.indexOf(phase);
    const whole = past && tookPlace(m, id);
    const kind = id === phase ? "now" : whole ? "done" : past ? "gap-left" : "ahead";
    return h(
      "button",
      {
        key: id,
        class: `step ${kind} ${id === looked ? "on" : ""}`,
        "aria-current": id === phase ? "step" : null,
        onclick: () => ui.look(id === phase ? null : id),
      },
      h("span", { class: "ic", "aria-hidden": "true" }, whole ? "✓" : past ? "–" : ""),
      h("span", { class: "nm" }, protocol.phase[id].short || protocol.phase[id].label),
      ids.length > 0 &&
        h("span", { class: "n", "aria-label": `${ticked} of ${ids.length} ticked` }, `${ticked}/${ids.length}`),
    );
  });
  const place = `${order.indexOf(phase) + 1} of ${order.length}`;
  return h(
    "nav",
    { class: `rail ${ui.railOpen ? "open" : ""}`, "aria-label": "Phases" },
    h(
      "button",
      { class: "fold", key: "fold", "aria-expanded": String(ui.railOpen), onclick: ui.foldRail },
      protocol.phase[looked].label,
      h("span", { class: "n" }, `${place} ${ui.railOpen ? "▴" : "▾"}`),
    ),
    h("div", { class: "steps", key: "steps" }, entries),
  );
}

// The place of prompts and alarms. Acting, seeing and passing are three buttons; nothing else is ever put here.
export function banner(m, ui, lit) {
  const [first] = lit;
  const trouble = ui.sync.problem ?? ui.sync.unsent;
  if (trouble) return place("high", trouble, []);
  if (!ui.sync.safe)
    return place("high", "This tablet's storage is full: taps are kept only while this page stays open.", []);
  if (!first) return h("div", { class: "banner empty", role: "alert", "aria-live": "assertive" });
  const minutes = Math.floor((ui.sync.now() - first.since) / 60000);
  const ago = !first.prompt && minutes > 0 ? ` ${minutes} min ago.` : "";
  const more = lit.length > 1 ? ` (+${lit.length - 1} more)` : "";
  const action = first.prompt ? first.prompt.table.action : first.act;
  const pass = first.prompt?.table.pass;
  const plain = pass && !first.prompt.table.reasons.length; // passing it is no more than having seen it
  const button = (key, text, tapped, kind = "") => h("button", { class: `btn ${kind}`, key, onclick: tapped }, text);
  const actions = !ui.recorder
    ? []
    : [
        action && button("act", m.protocol.mark[action].label, (tap) => ui.act(first, tap), "act"),
        pass && button("pass", pass, (tap) => ui.pass(first.prompt, tap)),
        !first.seen && !plain && button("seen", "Seen", (tap) => ui.see(first, tap)),
      ];
  return place(
    first.priority + (first.seen ? " seen" : ""),
    first.text.replace(/\.$/, ago ? "," : ".") + ago + more,
    actions,
  );
}

const place = (kind, text, actions) =>
  h(
    "div",
    { class: `banner ${kind}`, role: "alert", "aria-live": "assertive" },
    h("p", {}, text),
    h("div", { class: "actions" }, actions),
  );

export function marks(m, ui) {
  if (!ui.recorder) return watching(m, ui);
  if (m.over)
    return h(
      "div",
      { class: "marks none" },
      h("p", {}, `This procedure has ended: ${m.over}.`),
      h("a", { class: "btn big on", href: "/" }, "Back to Start"),
    );
  const { near } = openMarks(m);
  const next = nextMark(m, ui, near);
  const buttons = near.map((one, n) => markButton(m, ui, one, n === 0, one === next));
  return h("div", { class: `marks n${Math.min(near.length, 5)} ${ui.late ? "late" : ""}` }, buttons);
}

// The mark to be tapped next is filled: what a prompt asks for, else the first, once its time has come.
function nextMark(m, ui, near) {
  const asked = ui.alarms.find((alarm) => alarm.prompt?.table.action)?.prompt.table.action;
  if (asked) return near.find((one) => one.marks[0] === asked) ?? null;
  const [first] = near;
  const timer = timerOf(m, [first.marks[0]]);
  const early = timer?.clock.sum && ui.sync.now() < timer.ends;
  return early ? null : first;
}

function markButton(m, ui, one, first, filled) {
  const small = ui.late ? `at ${timeOfDay(ui.late.at)}` : hint(m, one);
  const pedal = first && ui.pedal.on && h("kbd", {}, "Pedal or Enter");
  return h(
    "button",
    {
      key: one.id,
      class: `mark ${first ? "first" : ""} ${filled ? "fill" : ""} ${one.tone}`,
      ...tapOrHold(m, ui, one.marks),
    },
    h("b", {}, one.label),
    h("small", {}, endsIt(m, one.marks) ? "hold to end" : small),
    pedal,
  );
}

// What a mark would carry, or what it means.
function hint(m, mark) {
  const plans = m.protocol.plan
    .filter((plan) => mark.marks?.[0] === plan.on)
    .map((plan) => ({
      ...plan,
      option: optionsOf(m.protocol, plan.key).find((one) => one.id === m.walk.plan[plan.key]),
    }));
  if (!plans.length) return mark.hint || " ";
  const missing = plans.find((plan) => m.protocol.mark[plan.on].needs.includes(plan.key) && !plan.option);
  if (missing) return `${m.protocol.value[missing.key].label} not chosen yet`;
  return plans
    .filter((plan) => plan.option)
    .map((plan) => plan.option.short || plan.option.label)
    .join(" · ");
}

function watching(m, ui) {
  const { recorded_by: name } = m.walk;
  const where = name ? `${name} records on another tablet.` : "Another tablet records.";
  return h(
    "div",
    { class: "marks watch" },
    h("p", {}, m.walk.recorder ? `Watching. ${where}` : "Nobody records on a tablet yet."),
    h(
      "button",
      { class: "mark", key: "take", onclick: (tap) => ui.takeOver(tap) },
      h("b", {}, "Record on this tablet"),
      h("small", {}, "take over, now"),
    ),
  );
}

// What was entered last, of any kind, with its undo; what the last mark could still carry; late entry.
export function last(m, ui) {
  const made = lastMade(m);
  const line = made.at(-1);
  const { protocol } = m;
  const wanting = ui.recorder ? lastWanting(m) : null;
  const key = wanting && missingDetails(m, wanting).find((one) => !askedByPlan(m, wanting, one));
  const name = made.map((one) => labelOf(protocol, one)).join(", ");
  return h(
    "aside",
    { class: "last", "aria-label": "Last entry" },
    h(
      "div",
      { class: "what" },
      line ? h("time", {}, timeOfDay(line.at)) : h("small", {}, "Nothing recorded yet"),
      line && h("b", {}, labelOf(protocol, line)),
      line && h("span", {}, carriedText(protocol, line)),
    ),
    h("div", { class: "detail" }, key ? detail(m, ui, wanting, key, wanting === line) : null),
    ui.recorder &&
      h(
        "div",
        { class: "row two" },
        h(
          "button",
          { class: "btn", disabled: !line, onclick: (tap) => ui.undoAll(made, tap) },
          line ? `Undo ${lower(name)}` : "Undo",
        ),
        h(
          "button",
          { class: `btn ${ui.late ? "on" : ""}`, onclick: () => ui.open("late", { entry: lastMark(m)?.event.id }) },
          "Late…",
        ),
      ),
  );
}

// A wish to stop is said in red as long as it can change anything: no more once a dose was given, or the end has come.
const canStop = ({ protocol, entries, over }) =>
  over === null &&
  !entries.some((line) => line.event.kind === "mark" && counts(line) && protocol.dosed.includes(line.data.mark));

export function foot(m, ui) {
  const stops = m.protocol.everywhere.filter(
    (mark) =>
      m.protocol.mark[mark].tone === "stop" &&
      !m.protocol.outcome.some((outcome) => outcome.closed && outcome.marks.includes(mark)),
  );
  return h(
    "footer",
    { class: "foot" },
    h("button", { class: "btn", disabled: !ui.recorder, onclick: () => ui.open("complication") }, "Complication"),
    stops.map((mark) =>
      h(
        "button",
        {
          class: `btn ${canStop(m) ? "stop" : "quiet"}`,
          key: mark,
          disabled: !ui.recorder,
          onclick: (tap) => ui.mark([mark], tap),
        },
        ui.late ? `${m.protocol.mark[mark].label}, at ${timeOfDay(ui.late.at, false)}` : m.protocol.mark[mark].label,
      ),
    ),
    h("button", { class: "btn", disabled: !ui.recorder, onclick: () => ui.open("note") }, "Note"),
  );
}
