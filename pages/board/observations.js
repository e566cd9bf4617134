// What is seen of a patient after the needle: one tap each, described afterwards.

import { controls, editor } from "./ask.js";
import { h } from "./dom.js";
import { timeOfDay } from "./format.js";
import { counts } from "./log.js";
import { carriedText, labelOf, shown } from "./model.js";
import { check } from "./panels.js";

/** The newest observation since the patient came to the ward, if any. */
export function newest({ m, stand }) {
  const checks = m.protocol.observe.map((one) => one.check);
  const is = ({ event, data }) => event.kind === "complication" || event.kind === "note" || (event.kind === "check" && checks.includes(data.check));
  return m.lines.findLast((line) => counts(line) && is(line) && line.at >= stand.came);
}

/** "Headache 13:50 Mild" */
export function observed({ protocol }, line) {
  return [labelOf(protocol, line), timeOfDay(line.at, false), carriedText(protocol, line)].filter(Boolean).join(" ");
}

/** What to do about a complication at once, in the protocol's words; the twin of core/care/aftercare.py's red_flag. */
export function redFlag({ protocol }, { event, data }) {
  const meets = (flag) => flag.complication === data.complication && (flag.value === null || data[flag.value] === flag.is);
  return event.kind === "complication" ? (protocol.red_flag.find(meets)?.do ?? null) : null;
}

/** The taps that the protocol offers, then how the newest complication was. */
export function observations(p) {
  const { m } = p;
  const one = ({ complication, check: id }) => (complication ? h("button", { class: "btn big", key: complication, onclick: (tap) => p.complication(complication, tap, "") }, m.protocol.complication[complication].label) : null);
  const checks = m.protocol.observe.filter(({ check: id }) => id);
  return [h("h3", {}, "Observations"),
    h("div", { class: "choices" }, m.protocol.observe.map(one), h("button", { class: "btn big", key: "more", onclick: () => p.open("complication") }, "Something else…")),
    describe(p),
    h("div", { class: "checks" }, checks.map(({ check: id }) => check(m, p, id)))];
}

function describe(p) {
  const { m, stand } = p;
  const line = m.lines.findLast((one) => one.event.kind === "complication" && counts(one) && one.at >= stand.came);
  if (!line) return null;
  const flag = redFlag(m, line);
  const values = m.protocol.describe.filter((key) => m.protocol.value[key].type !== "text" || line.data[key]);
  return h("div", { class: "described", key: line.event.id }, h("p", {}, h("b", {}, observed(m, line))), flag && h("p", { class: "flagged" }, flag), values.map((key) => row(p, line, key)));
}

function row(p, line, key) {
  const { protocol } = p.m;
  const found = line.data[key] ?? null;
  const { label, type } = protocol.value[key];
  const said = found !== null && type !== "option" && type !== "yesno";
  const edited = editor(p, key, (given, tap) => p.detail(line, key, given, tap));
  const chips = edited.chips.map((chip) => ({ ...chip, on: found !== null && chip.label === shown(protocol, key, found) }));
  return h("div", { class: "row", key }, h("span", { class: "lab" }, label), said ? h("b", {}, shown(protocol, key, found)) : controls(p, { ...edited, chips, id: `${line.event.id} ${key}` }));
}
