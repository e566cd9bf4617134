// What the board shows, worked out from the protocol's tables, the log and the walk. Names no phase, mark or prompt.

import { counts, settle } from "./log.js";
import { has, unmet } from "./review.js";
import { stepsOf, walkLines } from "./walk.js";
import { dayAndTime, duration, fill, timeOfDay } from "./format.js";

export function model(protocol, events) {
  const lines = settle(events, protocol.recording.two_devices_s * 1000);
  const walk = walkLines(protocol, lines);
  const opened = lines.find((line) => line.event.kind === "opened");
  const state = protocol.state[walk.state];
  return { protocol, lines, walk, state, over: overText(protocol, state, walk), opened: opened?.data ?? {}, openedAt: opened?.at ?? 0, phase: currentPhase(protocol, state, walk) };
}

// Why nothing more is awaited, if so.
function overText(protocol, state, walk) {
  const outcome = protocol.outcome.find((one) => one.id === walk.outcome);
  return outcome.closed || state.final ? outcome.label : null;
}

// The first phase of the state with something left to tick, else its last.
function currentPhase(protocol, state, walk) {
  return state.phases.find((phase) => checksOf(protocol, phase).some((id) => !Object.hasOwn(walk.checks, id))) ?? state.phases.at(-1);
}

export function checksOf(protocol, phase) {
  return Object.keys(protocol.check).filter((id) => protocol.check[id].phase === phase);
}

export function valuesOf(protocol, phase) {
  const planned = new Set(protocol.plan.map((plan) => plan.key));
  return Object.keys(protocol.value).filter((id) => protocol.value[id].phase === phase && !planned.has(id));
}

export function optionsOf(protocol, id) {
  const value = protocol.value[id];
  return value.options_of ? protocol.value[value.options_of].options : value.options;
}

export function optionLabel(protocol, id, option) {
  return optionsOf(protocol, id).find((one) => one.id === option)?.label ?? option;
}

// A value in words: "12 mm", "L3–L4", "Yes".
export function shown(protocol, id, found) {
  const value = protocol.value[id];
  if (!value || found == null) return String(found ?? "");
  if (value.type === "option") return optionLabel(protocol, id, found);
  if (value.type === "yesno") return found ? "Yes" : "No";
  if (value.type === "moment") return dayAndTime(found);
  return value.unit ? `${found} ${value.unit}` : String(found);
}

// Choices that mark the whole record.
export function flags({ protocol, walk }) {
  return protocol.flag.filter((flag) => walk.values[flag.value] === flag.is);
}

// Whether an option goes with what else is chosen: planned, or carried by a mark.
export function goes({ protocol }, key, option, chosen) {
  const rows = protocol.fit.filter((fit) => fit.key === key && Object.hasOwn(fit.allowed, chosen[fit.with] ?? ""));
  return rows.every((fit) => fit.allowed[chosen[fit.with]].includes(option));
}

// The options that go with what else is chosen; the chosen one always.
export function fittingOptions(m, key, chosen) {
  return optionsOf(m.protocol, key).filter((one) => one.id === chosen[key] || goes(m, key, one.id, chosen));
}

// Plan rows are shown in the phase where the value is asked and where the mark that they go with leads.
export function planRows({ protocol, walk }, phase) {
  const after = (plan) => Object.values(protocol.state).map((state) => (Object.hasOwn(state.open, plan.on) ? protocol.state[state.open[plan.on]].phases : []));
  const here = (plan) => protocol.value[plan.key].phase === phase || after(plan).flat().includes(phase);
  return protocol.plan.filter(here).map((plan) => ({ ...plan, chosen: walk.plan[plan.key] }));
}

const leadsTo = (protocol, state, mark) => Object.hasOwn(protocol.state[state].open, mark);

// Marks of a state that are seldom made there.
const isRare = (protocol, state, mark) => protocol.mark[mark].rare || state.rare.includes(mark);

// The buttons of this state: an action for several marks stands before the first of them, rare marks apart. Once an outcome
// stands for which the state names the near ones, these alone are near, in that order.
export function openMarks({ protocol, walk, state }) {
  const chosen = state.near?.[walk.outcome]; // tables that a tablet has kept from before know no near marks
  const open = [...new Set([...(chosen ?? []), ...Object.keys(state.open)])];
  const actions = protocol.action.filter(({ marks }) => open.includes(marks[0]) && leadsTo(protocol, state.open[marks[0]], marks[1]));
  const single = open.map((mark) => ({ id: mark, marks: [mark], ...protocol.mark[mark], rare: chosen ? !chosen.includes(mark) : isRare(protocol, state, mark) }));
  const all = [...actions.map((action) => ({ ...action, hint: "", tone: "", rare: false })), ...single];
  return { near: all.filter((one) => !one.rare), rare: all.filter((one) => one.rare) };
}

// Whether a phase that is past took place: all is ticked, or, where nothing is to tick, a mark was made in it or led there.
// A seldom one that only leads past a phase, such as giving up, says nothing of it, nor does a state of several phases.
export function tookPlace({ protocol, lines, walk }, phase) {
  const ids = checksOf(protocol, phase);
  if (ids.length) return ids.every((id) => Object.hasOwn(walk.checks, id));
  const within = (id) => protocol.state[id].phases.every((one) => one === phase);
  const steps = stepsOf(protocol, lines).filter(({ turn }) => turn === "open" || turn === "astray");
  return steps.some(({ mark, before, after }) => !isRare(protocol, protocol.state[before], mark) && (within(before) || within(after)));
}

export function lastMark({ lines }) {
  return lines.findLast((line) => line.event.kind === "mark" && counts(line));
}

// What was entered last, by one tap: one entry or more. Details and answers are laid over entries and are none themselves.
const MADE = new Set(["mark", "check", "value", "complication", "note"]);
export function lastMade({ lines }) {
  const made = lines.filter((line) => MADE.has(line.event.kind) && !line.undone);
  const last = made.reduce((one, other) => (one && (one.event.tapped - other.event.tapped || one.event.seq - other.event.seq) > 0 ? one : other), null);
  return last ? made.filter((line) => line.event.tapped === last.event.tapped && line.event.device === last.event.device) : [];
}

// The last mark that could still carry something.
export function lastWanting(m) {
  return m.lines.findLast((line) => line.event.kind === "mark" && counts(line) && missingDetails(m, line).length > 0);
}

// What the last mark could still carry and does not yet: what it needs first.
export function missingDetails({ protocol }, line) {
  if (!has(protocol.mark, line?.data.mark)) return [];
  const mark = protocol.mark[line.data.mark];
  return [...mark.needs, ...mark.may].filter((key) => protocol.value[key].ask && (line.data[key] ?? "") === "");
}

// What the plan's own row asks of an entry, so that nothing else has to: the needle is in, and where is not told yet.
export function askedByPlan(m, line, key) {
  const row = line && planRows(m, m.phase).find((plan) => plan.key === key && plan.on === line.data.mark);
  return Boolean(row) && !Object.hasOwn(m.state.open, row.on) && missingDetails(m, line).includes(key);
}

export function labelOf(protocol, line) {
  const { kind } = line.event;
  const named = line.data[kind];
  if (has(protocol[kind] ?? {}, named)) return protocol[kind][named].label;
  return { opened: "Opened", note: "Note", undo: "Undo", answer: "Answer", detail: "Detail", amend: "Amendment", review: "Review", takeover: "Recording taken over" }[kind] ?? String(line.data[kind]);
}

// What an entry carries, in words.
export function carriedText(protocol, line) {
  const { data, event } = line;
  if (event.kind === "value") return shown(protocol, data.value, data.is);
  if (event.kind === "answer") return [protocol.prompt[data.prompt]?.label, data.reason].filter(Boolean).join(": ");
  const carried = Object.keys(data).filter((key) => Object.hasOwn(protocol.value, key) && event.kind !== "opened");
  const parts = carried.map((key) => (key === protocol.group || protocol.value[key].type === "option" ? shown(protocol, key, data[key]) : `${protocol.value[key].label} ${shown(protocol, key, data[key])}`));
  if (data.text) parts.push(data.text);
  return parts.join(" · ");
}

const RANK = { high: 0, medium: 1, low: 2 };

// The prompts that wait, the most urgent first, worded.
export function waitingPrompts(m) {
  const open = m.walk.prompts.filter((prompt) => prompt.open);
  return open.map((prompt) => ({ ...prompt, ...worded(m, prompt) })).sort((one, other) => RANK[one.priority] - RANK[other.priority] || other.at - one.at);
}

function worded(m, prompt) {
  const { protocol } = m;
  const table = protocol.prompt[prompt.kind];
  const left = leftOptions(m);
  const window = protocol.window.find((one) => one.prompt === prompt.kind);
  const words = {
    group: optionLabel(protocol, protocol.group, prompt.group ?? ""),
    count: prompt.count,
    left: left.map((option) => option.label).join(", ") || "none left",
    bound: window ? duration(window.below_s ?? window.above_s) : boundOf(protocol, prompt),
  };
  const key = `suggested_${protocol.group}`;
  const favoured = left.find((option) => option.id === m.opened[key]);
  const more = favoured && table.suggested ? " " + fill(table.suggested, { suggested: favoured.label, why: m.opened[`${key}_why`] ?? "" }) : "";
  return { table, priority: table.priority, text: fill(table.text, words) + more, say: fill(table.say ?? "", words) };
}

function boundOf(protocol, prompt) {
  const total = protocol.total.find((one) => one.ceiling.some((ceiling) => ceiling.prompt === prompt.kind));
  return total ? `${Math.round(prompt.bound * 10) / 10} ${total.unit}` : String(prompt.bound ?? "");
}

// Options of the group that have not failed and are not barred.
export function leftOptions({ protocol, walk }) {
  const gone = new Set(protocol.counter.flatMap((counter) => (counter.limit && counter.per ? walk.counts.find((one) => one.id === counter.id).reached : [])));
  for (const plan of protocol.plan) if (plan.key === protocol.group && plan.bar) gone.add(walk.values[plan.bar]);
  return optionsOf(protocol, protocol.group).filter((option) => !gone.has(option.id));
}

// The counter at the top: how many in all, and at the planned group how many of its limit.
export function headline({ protocol, walk, state }) {
  const all = protocol.counter.find((counter) => counter.runs);
  const limited = protocol.counter.find((counter) => counter.limit && counter.per);
  if (!all) return { label: "", total: "", limit: 0, failed: 0, tried: 0, pending: false };
  const total = walk.counts.find((one) => one.id === all.id);
  const group = walk.plan[protocol.group];
  const of = (count) => count.groups.find(([name]) => name === group)?.[1] ?? 0;
  const failed = limited ? of(walk.counts.find((one) => one.id === limited.id)) : 0;
  return { label: all.label, total: total.total, group: group && optionLabel(protocol, protocol.group, group), limit: limited?.limit ?? 0, failed, tried: of(total), pending: Boolean(limited) && Object.hasOwn(state.open, limited.counts) };
}

// The mark that comes next ends the procedure.
export function endsNext(m) {
  const [next] = openMarks(m).near;
  return Boolean(next) && !m.state.final && m.protocol.state[m.state.open[next.marks.at(-1)]]?.final === true;
}

// What a record lacks, by name and place: evidence that was expected, a value, or what should stand before the end; and the
// panel in which it is given.
export function lacking(m) {
  const { protocol, walk, lines } = m;
  const named = ({ kind, key }) => ((kind === "missing_evidence" && protocol.expect.find((one) => one.id === key)) || protocol.value[key])?.label ?? key;
  const place = (item) => `${labelOf(protocol, lines.find((line) => line.event.id === item.event))} · ${timeOfDay(item.at)}`;
  const listed = walk.review.filter(({ kind }) => kind === "missing_evidence" || kind === "missing").map((item) => ({ name: named(item), where: place(item), panel: panelFor(m, item) }));
  const mark = endsNext(m) ? openMarks(m).near[0].marks.at(-1) : null;
  return [...listed, ...unmet(protocol, lines, mark).map((one) => ({ name: one.label, where: `before ${protocol.mark[mark].label}`, panel: evidencePanel(one) }))];
}

function panelFor({ protocol, lines }, { kind, key, event }) {
  const expect = kind === "missing_evidence" && protocol.expect.find((one) => one.id === key);
  if (expect) return evidencePanel(expect);
  const carried = lines.find((line) => line.event.id === event)?.event.kind === "mark";
  return carried ? { name: "entry", line: event } : { name: "value", id: key };
}

const evidencePanel = ({ value, check }) => (value ? { name: "value", id: value } : check ? { name: "check", id: check } : { name: "more" });

export function reviewText({ protocol, lines }, item) {
  const line = lines.find((one) => one.event.id === item.event);
  const value = protocol.value[item.key];
  const expectation = protocol.expect.find((one) => one.id === item.key);
  const evidence = item.kind === "missing_evidence" || item.kind === "too_late" ? expectation : null;
  const fit = item.kind === "does_not_fit" ? protocol.fit.find((one) => one.key === item.key) : null;
  const why = evidence?.why ?? fit?.why ?? protocol.mark[line.data.mark]?.why ?? "";
  return fill(protocol.review[item.kind], {
    why,
    other: fit && protocol.value[fit.with].label,
    what: labelOf(protocol, line),
    t: timeOfDay(item.at),
    state: protocol.state[item.state]?.label,
    key: evidence?.label ?? value?.label ?? item.key,
    found: item.found,
    expected: value && expected(protocol, item.key),
  });
}

function expected(protocol, key) {
  const value = protocol.value[key];
  if (value.type === "option") return `one of ${optionsOf(protocol, key).map((option) => option.label).join(", ")}`;
  if (value.type === "number") return `${value.min} to ${value.max} ${value.unit}`;
  return value.type === "yesno" ? "yes or no" : "text";
}
