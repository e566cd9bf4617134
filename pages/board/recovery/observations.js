// What is seen of a patient after the needle: one tap each, described afterwards.

import { h } from "../controls/dom.js";
import { check } from "../controls/panels.js";
import { isOver, redFlag } from "../model/aftercare.js";
import { timeOfDay } from "../model/format.js";
import { carriedText, labelOf, shown } from "../model/wording.js";
import { counts } from "../rules/log.js";
import { controls, editor } from "./ask.js";

/** Every observation since the patient came to the ward, the newest first. */
export function observedOf({ m, stand }) {
  const checks = m.protocol.observe.map((one) => one.check);
  const is = ({ event, data }) =>
    event.kind === "complication" || event.kind === "note" || (event.kind === "check" && checks.includes(data.check));
  return m.entries.filter((line) => counts(line) && is(line) && line.at >= stand.came).toReversed();
}

const isComplication = ({ event }) => event.kind === "complication";

/** "Headache 13:50 Mild" */
export function observed({ protocol }, line) {
  return [labelOf(protocol, line), timeOfDay(line.at, false), carriedText(protocol, line)].filter(Boolean).join(" ");
}

/** What to do about those that are not over, in the protocol's words, the newest first. */
export function redFlags({ m, stand }) {
  const { protocol } = m;
  const lasting = observedOf({ m, stand }).filter((entry) => isComplication(entry) && !isOver(protocol, entry.data));
  return [...new Set(lasting.map(({ data }) => redFlag(protocol, data)).filter(Boolean))];
}

/** The taps that the protocol offers, then all that was seen, the newest first. `marks`: what may have to follow. */
export function observations(p, marks) {
  const { m } = p;
  const one = ({ complication }) =>
    complication
      ? h(
          "button",
          { class: "btn big", key: complication, onclick: (tap) => p.complication(complication, tap, "") },
          m.protocol.complication[complication].label,
        )
      : null;
  const checks = m.protocol.observe.filter(({ check: id }) => id);
  const told = observedOf(p).filter(({ event }) => event.kind !== "check"); // a check says itself when it was
  const newest = told.find(isComplication);
  return [
    h("h3", {}, "Observations"),
    h(
      "div",
      { class: "choices" },
      m.protocol.observe.map(one),
      h("button", { class: "btn big", key: "more", onclick: () => p.open("complication") }, "Something else…"),
    ),
    marks,
    told.map((line) =>
      isComplication(line)
        ? described(p, line, line === newest)
        : h("p", { class: "noted", key: line.event.id }, observed(m, line)),
    ),
    h(
      "div",
      { class: "checks" },
      checks.map(({ check: id }) => check(m, p, id)),
    ),
  ];
}

// The newest complication is open to be described, an older one after a tap.
function described(p, line, isNewest) {
  const { m } = p;
  const flag = redFlag(m.protocol, line.data);
  const open = isNewest || p.unfolded.has(line.event.id);
  return h(
    "div",
    { class: "described", key: line.event.id },
    h(
      "div",
      { class: "row" },
      h("b", { class: "noted" }, observed(m, line)),
      !open &&
        h(
          "button",
          { class: "btn", "aria-label": `Describe ${observed(m, line)}`, onclick: () => p.unfold(line.event.id) },
          "Describe…",
        ),
    ),
    flag && h("p", { class: `flagged ${isOver(m.protocol, line.data) ? "over" : ""}` }, flag),
    open && rows(p, line),
  );
}

// Words are asked for on demand.
function rows(p, line) {
  const { protocol } = p.m;
  const keys = protocol.describe.filter((key) => isAsked(p.m, line, key));
  const waits = (key) =>
    protocol.value[key].type === "text" &&
    (line.data[key] ?? null) === null &&
    !p.unfolded.has(`more ${line.event.id}`);
  return [
    keys.filter((key) => !waits(key)).map((key) => row(p, line, key)),
    keys.some(waits) &&
      h(
        "button",
        { class: "btn quiet", key: "more", onclick: () => p.unfold(`more ${line.event.id}`) },
        "More about it…",
      ),
  ];
}

// A value that makes some complications a red flag is asked of those alone, every other of all.
function isAsked({ protocol }, { data }, key) {
  const flags = protocol.red_flag.filter((flag) => flag.value === key);
  return !flags.length || flags.some((flag) => flag.complication === data.complication) || (data[key] ?? null) !== null;
}

function row(p, line, key) {
  const { protocol } = p.m;
  const found = line.data[key] ?? null;
  const { label, type } = protocol.value[key];
  const said = found !== null && type !== "option" && type !== "yesno";
  const edited = editor(p, key, (given, tap) => p.detail(line, key, given, tap));
  const offered = type === "text" ? [] : edited.chips; // of words it offers who records
  const chips = offered.map((chip) => ({ ...chip, on: found !== null && chip.content === found }));
  return h(
    "div",
    { class: "row", key },
    h("span", { class: "lab" }, label),
    said
      ? h("b", {}, shown(protocol, key, found))
      : controls(p, { ...edited, chips, id: `${line.event.id} ${key}` }, label),
  );
}
