// Walks a protocol's tables over a log: state, counters, clocks, prompts with their proof, outcome.
//
// Pure and total: no order of events throws. It knows no phase, mark, clock or prompt by name. Moments and spans are
// milliseconds. The twin of core/walk.py; tests/test_twins.py demands the same answer of both.

import { counts, inOrderOf, settle } from "./log.js";
import { has, listed } from "./review.js";

/** The session that a log of events makes under `protocol` (the JSON of core.protocol.plain). */
export function walk(protocol, events) {
  return walkLines(protocol, settle(events, protocol.recording.two_devices_s * 1000));
}

/** `walk` for a log that is settled already. */
export function walkLines(protocol, lines) {
  const steps = stepsOf(protocol, lines);
  const raised = []; // {n: the step that proved it, prompt}
  const counted = protocol.counter.map((counter) => count(counter, steps, raised));
  const clocks = protocol.clock.map((clock) => read(clock, steps));
  const values = valuesOf(protocol, lines);
  const totals = new Map(protocol.total.map((one) => [one.id, total(one, steps, values, raised)]));
  watch(protocol, clocks, steps, raised);
  const opened = lines.find((line) => line.event.kind === "opened");
  const takeovers = lines.filter((line) => line.event.kind === "takeover" && counts(line));
  const recorder = takeovers.sort(inOrderOf(heard)).at(-1) ?? opened;
  const astray = steps.filter((step) => step.turn === "astray" || step.turn === "none");
  const items = listed(protocol, lines, new Map(astray.map((step) => [step.line.event.id, step.before])));
  return {
    state: steps.at(-1)?.after ?? protocol.start,
    outcome: outcome(protocol, steps),
    operator: operator(protocol, opened, steps),
    recorder: recorder?.event.device ?? "",
    recorded_by: recordedBy(recorder),
    counts: counted,
    clocks,
    totals: Object.fromEntries(totals),
    prompts: prompts(protocol, lines, steps, raised),
    review: items.filter((item) => item.review === null),
    reviewed: items.filter((item) => item.review !== null),
    checks: checks(protocol, lines),
    values: Object.fromEntries(values),
    plan: plan(protocol, lines),
  };
}

/** When a take-over was made; a tablet whose clock is ahead does not keep recording until that time has come. */
const heard = ({ event }) => [
  typeof event.received === "number" ? Math.min(event.tapped, event.received) : event.tapped,
  event.seq,
  event.device,
  event.id,
];

/** Every mark that counts, with the state before and after it. A mark with no way on changes nothing. */
export function stepsOf(protocol, lines) {
  const steps = [];
  let state = protocol.start;
  for (const line of lines) {
    const { mark } = line.data;
    if (line.event.kind !== "mark" || !counts(line) || !has(protocol.mark, mark)) continue;
    const here = protocol.state[state];
    let [after, turn] = [state, "none"];
    if (protocol.everywhere.includes(mark)) turn = "everywhere";
    else if (has(here.open, mark)) [after, turn] = [here.open[mark], "open"];
    else if (has(here.astray, mark)) [after, turn] = [here.astray[mark], "astray"];
    steps.push({ line, mark, before: state, after, turn });
    state = after;
  }
  return steps;
}

const isText = (value) => typeof value === "string";
const isNumber = (value) => typeof value === "number";

/** The group that a mark names; "" where it names none. */
const groupOf = (line, key) => (key !== null && isText(line.data[key]) ? line.data[key] : "");

const raise = (kind, at, event, { group = null, count = null, bound = null }) => ({
  kind,
  at,
  event,
  group,
  count,
  bound,
  open: true,
});

function count(counter, steps, raised) {
  const numbers = new Map();
  const reached = [];
  let [sum, runs, group, last, due] = [0, 0, "", null, false];
  for (const [n, { mark, line }] of steps.entries()) {
    if (counter.until.includes(mark)) break;
    if (mark === (counter.of ?? counter.counts)) [group, due] = [groupOf(line, counter.per), true];
    else if (counter.out.includes(mark)) due = false;
    if (mark !== counter.counts || (counter.in_turn && !due)) continue;
    due = false;
    sum += 1;
    runs += group !== last ? 1 : 0;
    last = group;
    numbers.set(group, (numbers.get(group) ?? 0) + 1);
    if (numbers.get(group) === counter.limit) {
      reached.push(group);
      const spent = counter.groups !== null && reached.length >= counter.groups;
      const kind = (spent ? counter.groups_prompt : counter.prompt) ?? "";
      const proof = { group: counter.per !== null ? group : null, count: numbers.get(group) };
      raised.push({ n, prompt: raise(kind, line.at, line.event.id, proof) });
    }
  }
  return { id: counter.id, total: sum, runs, groups: [...numbers], reached };
}

function read(clock, steps) {
  const reading = { id: clock.id, start: null, end: null, closed: 0, running: null, proof: null };
  for (const { mark, line } of steps) {
    if (clock.until.includes(mark)) {
      reading.running = null;
      break;
    }
    const mayStart = (clock.sum || reading.end === null) && (reading.running === null || clock.restart);
    if (mark === clock.from && mayStart) {
      reading.running = line.at;
      if (reading.start === null || clock.restart) reading.start = line.at;
    } else if (mark === clock.to && reading.running !== null) {
      reading.closed += line.at - reading.running;
      [reading.end, reading.running, reading.proof] = [line.at, null, line.event.id];
    }
  }
  return reading;
}

/** The windows that an ended clock fell outside of, proved by the mark that ended it (whole seconds count). */
function watch(protocol, clocks, steps, raised) {
  for (const { clock, below_s, above_s, prompt } of protocol.window) {
    const reading = clocks.find((one) => one.id === clock);
    if (prompt === null || reading.end === null) continue;
    const seconds = Math.floor(reading.closed / 1000);
    if ((below_s !== null && seconds < below_s) || (above_s !== null && seconds > above_s)) {
      const n = steps.findIndex((step) => step.line.event.id === reading.proof);
      raised.push({ n, prompt: raise(prompt, reading.end, reading.proof, { bound: below_s ?? above_s }) });
    }
  }
}

/** The total, and a prompt at the mark that passes a ceiling which holds for this patient. */
function total({ mark, key, factor, per, ceiling }, steps, values, raised) {
  const size = per === null ? null : values.get(per);
  const ceilings = ceiling
    .filter(({ when, at_least }) => isNumber(values.get(when)) && values.get(when) >= at_least)
    .map(({ prompt, limit, per_limit }) => {
      const scaled = per_limit !== null && isNumber(size) ? per_limit * size : limit;
      return { prompt, limit: Math.min(limit, scaled) };
    });
  let amount = 0;
  for (const [n, step] of steps.entries()) {
    const given = step.line.data[key];
    if (step.mark !== mark || !isNumber(given)) continue;
    const before = amount;
    amount += given * factor;
    for (const { prompt, limit } of ceilings) {
      if (before <= limit && limit < amount) {
        raised.push({ n, prompt: raise(prompt, step.line.at, step.line.event.id, { bound: limit }) });
      }
    }
  }
  return amount;
}

/** In the order of their proofs; those that are raised once, or not after some mark, only so. */
function prompts(protocol, lines, steps, raised) {
  const answers = lines.filter((line) => line.event.kind === "answer" && counts(line)).map((line) => line.data);
  const kept = [];
  for (const { n, prompt } of [...raised].sort((one, other) => one.n - other.n)) {
    const table = protocol.prompt[prompt.kind];
    if (table.once && kept.some((one) => one.kind === prompt.kind)) continue;
    if (steps.slice(0, n).some((step) => table.until.includes(step.mark))) continue;
    const answered = answers.some((data) => data.prompt === prompt.kind && data.of === prompt.event);
    const elsewhere = ({ mark, line }) => mark === table.other_group && groupOf(line, protocol.group) !== prompt.group;
    const cleared = steps.slice(n + 1).some((step) => table.clears.includes(step.mark) || elsewhere(step));
    kept.push({ ...prompt, open: !answered && !cleared });
  }
  return kept;
}

function outcome(protocol, steps) {
  let best = protocol.outcome.find((one) => one.marks.length === 0 && one.rank === 0);
  const stood = new Set();
  for (const { mark } of steps) {
    for (const one of protocol.outcome) {
      const inTime = !one.until.some((until) => stood.has(until));
      if (one.marks.includes(mark) && one.rank >= best.rank && inTime) best = one;
    }
    stood.add(mark);
  }
  return best.id;
}

function operator(protocol, opened, steps) {
  const changes = steps.filter((step) => step.mark === protocol.operator_mark).map((step) => step.line);
  return [opened, ...changes].map((line) => line?.data.operator).findLast(isText) ?? "";
}

function recordedBy(recorder) {
  const name = recorder?.event.kind === "opened" ? recorder.data.recorder : recorder?.event.by;
  return isText(name) ? name : "";
}

/** Check → the event that ticked it last. */
function checks(protocol, lines) {
  const ticks = lines.filter((line) => line.event.kind === "check" && counts(line));
  const known = ticks.filter((line) => has(protocol.check, line.data.check));
  return Object.fromEntries(known.map((line) => [line.data.check, line.event.id]));
}

function valuesOf(protocol, lines) {
  const recorded = lines.filter(({ event, data }) => event.kind === "value" && has(protocol.value, data.value));
  return new Map(recorded.filter(counts).map(({ data }) => [data.value, data.is ?? null]));
}

/** What goes with the next mark: the last value chosen or carried. */
function plan(protocol, lines) {
  const chosen = new Map();
  for (const { event, data } of lines.filter(counts)) {
    if (event.kind !== "value" && event.kind !== "mark") continue;
    for (const { key } of protocol.plan) {
      const choice = data.value === key ? data.is : data[key];
      if (isText(choice)) chosen.set(key, choice);
    }
  }
  return Object.fromEntries(chosen);
}
