// What a record lists to review: entries that contradict the protocol or each other. Kept whole, never refused.
//
// The twin of core/review.py; tests/test_twins.py demands the same answer of both.

import { counts } from "./log.js";

const HOUR_MS = 3600 * 1000;

/** Whether a protocol's table has the id: never true of what the language itself gives every object. */
export const has = (table, id) => typeof id === "string" && Object.hasOwn(table, id);

/**
 * The items {kind, at, event, key, found, state, review} of a settled log in order, reviewed ones too.
 * `astray`: Map of event → the state that did not expect it.
 */
export function listed(protocol, lines, astray) {
  const known = new Set(lines.map((line) => line.event.id));
  const recorders = lines.filter((line) => ["opened", "takeover"].includes(line.event.kind) && counts(line));
  const more = [...unproven(protocol, lines), ...unexplained(protocol, lines)];
  const items = lines.flatMap((line) => [
    ...(line.undone ? [] : itemsOf(protocol, line, astray, known, recorders)),
    ...more.filter((item) => item.event === line.event.id),
  ]);
  const reviews = lines.filter((line) => line.event.kind === "review" && counts(line));
  const looked = new Map(reviews.map(({ event, data }) => [placeOf(data.of, data.kind, data.key), event.id]));
  return items.map((item) => ({ ...item, review: looked.get(placeOf(item.event, item.kind, item.key)) ?? null }));
}

/** Which item a review speaks of: its entry, its kind and its key. */
const placeOf = (of, kind, key) => JSON.stringify([of, kind, key ?? null]);

const is = (line, kind, named) => line.event.kind === kind && line.data[kind] === named;
const itemAt = (line, kind, key) => ({ kind, at: line.at, event: line.event.id, key, found: null, state: null });

/** Evidence that did not stand before its mark: missing there, and too late wherever it comes afterwards. */
function unproven(protocol, lines) {
  const live = lines.filter(counts);
  return protocol.expect.flatMap((expect) => {
    const due = live.findIndex((line) => is(line, "mark", expect.before));
    if (due < 0 || proven(expect, live.slice(0, due))) return [];
    const late = live.slice(due).filter((line) => proves(expect, line));
    return [
      itemAt(live[due], "missing_evidence", expect.id),
      ...late.map((line) => itemAt(line, "too_late", expect.id)),
    ];
  });
}

/** What `mark` expects and what does not stand yet: told before it is tapped, not only afterwards. */
export function unmet(protocol, lines, mark) {
  const live = lines.filter(counts);
  return protocol.expect.filter((expect) => expect.before === mark && !proven(expect, live));
}

function proven(expect, live) {
  if (expect.given.length && !live.some((line) => expect.given.some((mark) => is(line, "mark", mark)))) return true;
  const since = live.findLastIndex((line) => expect.anew.some((mark) => is(line, "mark", mark)));
  return live.slice(Math.max(since, 0)).some((line) => proves(expect, line));
}

function proves(expect, line) {
  if (expect.value !== null) {
    const carried = is(line, "value", expect.value)
      ? line.data.is
      : Object.hasOwn(line.data, expect.value)
        ? line.data[expect.value]
        : null;
    return ["value", "mark"].includes(line.event.kind) && (carried ?? "") !== "";
  }
  return expect.mark !== null ? is(line, "mark", expect.mark) : is(line, "check", expect.check);
}

/** A choice that marks the record and lacks its reason. */
function unexplained(protocol, lines) {
  const last = new Map(
    lines.filter((line) => line.event.kind === "value" && counts(line)).map((line) => [line.data.value, line]),
  );
  return protocol.flag.flatMap((flag) => {
    const line = last.get(flag.value);
    const reason = last.get(flag.needs)?.data.is ?? "";
    return line && line.data.is === flag.is && flag.needs !== null && reason === ""
      ? [itemAt(line, "missing", flag.needs)]
      : [];
  });
}

function itemsOf(protocol, line, astray, known, recorders) {
  const { event, data } = line;
  const items = [];
  const item = (kind, { key = null, found = null, state = null } = {}) =>
    items.push({ kind, at: line.at, event: event.id, key, found, state });

  if (line.double_of !== null) item("double");
  else if (astray.has(event.id)) item("out_of_order", { state: astray.get(event.id) });
  if (["undo", "detail", "amend", "review"].includes(event.kind) && !known.has(data.of)) item("no_target");
  for (const { kind, ...place } of misfits(protocol, line)) item(kind, place);
  if (handedOver(line, recorders)) item("former_recorder");
  const { late_h, ahead_s } = protocol.recording;
  if (typeof event.received === "number" && event.received - event.tapped > late_h * HOUR_MS) item("arrived_late");
  if (typeof event.received === "number" && event.tapped - event.received > ahead_s * 1000) item("clock_ahead");
  return items;
}

/** {kind, key, found} for each value that the protocol does not know, offer or allow. */
function fits(fit, data) {
  const allowed = has(fit.allowed, data[fit.with]) ? fit.allowed[data[fit.with]] : null;
  return allowed === null || typeof data[fit.key] !== "string" || allowed.includes(data[fit.key]);
}

function misfits(protocol, { event, data }) {
  if (event.kind === "mark") {
    if (!has(protocol.mark, data.mark)) return [{ kind: "unknown" }];
    const missing = protocol.mark[data.mark].needs.filter((key) => (data[key] ?? "") === "");
    const carried = Object.keys(data)
      .sort()
      .filter((key) => key !== "mark" && data[key] !== null);
    return [
      ...missing.map((key) => ({ kind: "missing", key })),
      ...carried.flatMap((key) => misfit(protocol, key, data[key])),
      ...protocol.fit
        .filter((fit) => !fits(fit, data))
        .map((fit) => ({ kind: "does_not_fit", key: fit.key, found: data[fit.key] })),
    ];
  }
  const takenBack = data.is == null && has(protocol.value, data.value);
  if (event.kind === "value") return takenBack ? [] : misfit(protocol, data.value, data.is);
  if (event.kind === "complication") {
    const described = Object.keys(data)
      .sort()
      .filter((key) => protocol.describe.includes(key) && data[key] !== null);
    return [
      ...(has(protocol.complication, data.complication) ? [] : [{ kind: "unknown" }]),
      ...described.flatMap((key) => misfit(protocol, key, data[key])),
    ];
  }
  return event.kind === "check" && !has(protocol.check, data.check) ? [{ kind: "unknown" }] : [];
}

function misfit(protocol, key, found) {
  if (!has(protocol.value, key)) return [{ kind: "unknown", key: typeof key === "string" ? key : null }];
  const value = protocol.value[key];
  if (!hasType(value, found)) return [{ kind: "wrong_type", key, found: typeof found === "object" ? null : found }];
  if (value.type === "option" && !options(protocol, value).some((option) => option.id === found)) {
    return [{ kind: "not_offered", key, found }];
  }
  return inRange(value, found) ? [] : [{ kind: "out_of_range", key, found }];
}

/** Whether a value is of the kind that the protocol declares: number, whole number, moment, text, yes or no. */
function hasType(value, found) {
  if (value.type === "moment") return Number.isInteger(found) && found >= 0;
  if (value.type === "number") return typeof found === "number" && (!value.whole || Number.isInteger(found));
  return typeof found === (value.type === "yesno" ? "boolean" : "string");
}

/** The options of a value, its own or those it shares. */
const options = (protocol, value) => (value.options_of ? protocol.value[value.options_of] : value).options;

const inRange = ({ min, max }, found) => (min === null || found >= min) && (max === null || found <= max);

/**
 * Entered on a tablet that recorded before another took over; one that never recorded had nothing to hand over.
 * `recorders`: the opening and every take-over, in order.
 */
function handedOver({ event }, recorders) {
  const devices = recorders.filter((one) => one.event.tapped <= event.tapped).map((one) => one.event.device);
  return (
    !["opened", "takeover"].includes(event.kind) && devices.includes(event.device) && devices.at(-1) !== event.device
  );
}
