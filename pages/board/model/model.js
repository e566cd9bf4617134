// What the board shows, worked out from the protocol's tables, the log and the walk. Names no phase, mark or prompt.

import { counts, settle } from "../rules/log.js";
import { optionLabel } from "../rules/options.js";
import { unmet } from "../rules/evidence.js";
import { has } from "../rules/lookup.js";
import { stepsOf } from "../rules/steps.js";
import { walkEntries } from "../rules/walk.js";
import { timeOfDay } from "./format.js";
import { labelOf, worded } from "./wording.js";

export function modelOf(protocol, events) {
  const lines = settle(events, protocol.recording.two_devices_s * 1000);
  const walk = walkEntries(protocol, lines);
  const opened = lines.find((line) => line.event.kind === "opened");
  const state = protocol.state[walk.state];
  return {
    protocol,
    entries: lines,
    walk,
    state,
    over: overText(protocol, state, walk),
    opened: opened?.data ?? {},
    openedAt: opened?.at ?? 0,
    phase: currentPhase(protocol, state, walk),
  };
}

// Why nothing more is awaited, if so.
function overText(protocol, state, walk) {
  const outcome = protocol.outcome.find((one) => one.id === walk.outcome);
  return outcome.closed || state.final ? outcome.label : null;
}

// The first phase of the state with something left to tick, else its last.
function currentPhase(protocol, state, walk) {
  return (
    state.phases.find((phase) => checksOf(protocol, phase).some((id) => !Object.hasOwn(walk.checks, id))) ??
    state.phases.at(-1)
  );
}

export function checksOf(protocol, phase) {
  return Object.keys(protocol.check).filter((id) => protocol.check[id].phase === phase);
}

export function valuesOf(protocol, phase) {
  const planned = new Set(protocol.plan.map((plan) => plan.key));
  return Object.keys(protocol.value).filter((id) => protocol.value[id].phase === phase && !planned.has(id));
}

// Choices that mark the whole record.
export function flags({ protocol, walk }) {
  return protocol.flag.filter((flag) => walk.values[flag.value] === flag.is);
}

// Plan rows are shown in the phase where the value is asked and where the mark that they go with leads.
export function planRows({ protocol, walk }, phase) {
  const after = (plan) =>
    Object.values(protocol.state).map((state) =>
      Object.hasOwn(state.open, plan.on) ? protocol.state[state.open[plan.on]].phases : [],
    );
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
  const actions = protocol.action.filter(
    ({ marks }) => open.includes(marks[0]) && leadsTo(protocol, state.open[marks[0]], marks[1]),
  );
  const single = open.map((mark) => ({
    id: mark,
    marks: [mark],
    ...protocol.mark[mark],
    rare: chosen ? !chosen.includes(mark) : isRare(protocol, state, mark),
  }));
  const all = [...actions.map((action) => ({ ...action, hint: "", tone: "", rare: false })), ...single];
  return { near: all.filter((one) => !one.rare), rare: all.filter((one) => one.rare) };
}

// Whether a phase that is past took place: all is ticked, or, where nothing is to tick, a mark was made in it or led there.
// A seldom one that only leads past a phase, such as giving up, says nothing of it, nor does a state of several phases.
export function tookPlace({ protocol, entries: lines, walk }, phase) {
  const ids = checksOf(protocol, phase);
  if (ids.length) return ids.every((id) => Object.hasOwn(walk.checks, id));
  const within = (id) => protocol.state[id].phases.every((one) => one === phase);
  const steps = stepsOf(protocol, lines).filter(({ turn }) => turn === "open" || turn === "astray");
  return steps.some(
    ({ mark, before, after }) => !isRare(protocol, protocol.state[before], mark) && (within(before) || within(after)),
  );
}

export function lastMark({ entries: lines }) {
  return lines.findLast((line) => line.event.kind === "mark" && counts(line));
}

// What was entered last, by one tap: one entry or more. Details and answers are laid over entries and are none themselves.
const MADE = new Set(["mark", "check", "value", "complication", "note"]);
export function lastMade({ entries: lines }) {
  const made = lines.filter((line) => MADE.has(line.event.kind) && !line.undone);
  const last = made.reduce(
    (one, other) =>
      one && (one.event.tapped - other.event.tapped || one.event.seq - other.event.seq) > 0 ? one : other,
    null,
  );
  return last
    ? made.filter((line) => line.event.tapped === last.event.tapped && line.event.device === last.event.device)
    : [];
}

// The last mark that could still carry something.
export function lastWanting(m) {
  return m.entries.findLast((line) => line.event.kind === "mark" && counts(line) && missingDetails(m, line).length > 0);
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

const RANK = { high: 0, medium: 1, low: 2 };

// The prompts that wait, the most urgent first, worded.
export function waitingPrompts(m) {
  const open = m.walk.prompts.filter((prompt) => prompt.open);
  return open
    .map((prompt) => ({ ...prompt, ...worded(m, prompt) }))
    .sort((one, other) => RANK[one.priority] - RANK[other.priority] || other.at - one.at);
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
  return {
    label: all.label,
    total: total.total,
    group: group && optionLabel(protocol, protocol.group, group),
    limit: limited?.limit ?? 0,
    failed,
    tried: of(total),
    pending: Boolean(limited) && Object.hasOwn(state.open, limited.counts),
  };
}

// The mark that comes next ends the procedure.
export function endsNext(m) {
  const [next] = openMarks(m).near;
  return Boolean(next) && !m.state.final && m.protocol.state[m.state.open[next.marks.at(-1)]]?.final === true;
}

// What a record lacks, by name and place: evidence that was expected, a value, or what should stand before the end; and the
// panel in which it is given.
export function lacking(m) {
  const { protocol, walk, entries: lines } = m;
  const named = ({ kind, key }) =>
    ((kind === "missing_evidence" && protocol.expect.find((one) => one.id === key)) || protocol.value[key])?.label ??
    key;
  const place = (item) =>
    `${labelOf(
      protocol,
      lines.find((line) => line.event.id === item.event),
    )} · ${timeOfDay(item.at)}`;
  const listed = walk.review
    .filter(({ kind }) => kind === "missing_evidence" || kind === "missing")
    .map((item) => ({ name: named(item), where: place(item), panel: panelFor(m, item) }));
  const mark = endsNext(m) ? openMarks(m).near[0].marks.at(-1) : null;
  return [
    ...listed,
    ...unmet(protocol, lines, mark).map((one) => ({
      name: one.label,
      where: `before ${protocol.mark[mark].label}`,
      panel: evidencePanel(one),
    })),
  ];
}

function panelFor({ protocol, entries: lines }, { kind, key, event }) {
  const expect = kind === "missing_evidence" && protocol.expect.find((one) => one.id === key);
  if (expect) return evidencePanel(expect);
  const carried = lines.find((line) => line.event.id === event)?.event.kind === "mark";
  return carried ? { name: "entry", entry: event } : { name: "value", id: key };
}

const evidencePanel = ({ value, check }) =>
  value ? { name: "value", id: value } : check ? { name: "check", id: check } : { name: "more" };
