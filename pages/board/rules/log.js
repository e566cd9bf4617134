// A session's events as one settled log: in order, undone ones marked, corrections laid over, double taps paired.
//
// Total and order-free: any set of events, arriving in any order and any number of times, settles to the same log.
// Twin of core/engine/log.py.

/** @import { Entry, LogEvent } from "./types.js" */

// Entries that others can correct; what they are (`mark`, `check`, …) is not for correcting, only undo is.
const CORRECTABLE = new Set(["opened", "mark", "check", "value", "complication", "note"]);
const FIXED = new Set([
  "mark",
  "check",
  "value",
  "complication",
  "of",
  "prompt",
  "protocol",
  "version",
  "hash",
  "drill",
  "drill_id",
]);

/**
 * Whether the entry is neither undone nor the second tap of a pair.
 * @param {Entry} entry
 */
export const counts = (entry) => !entry.undone && entry.double_of === null;

/**
 * Whether the entry was made after it happened.
 * @param {Entry} entry
 */
export const late = (entry) => entry.at < entry.event.tapped;

/**
 * The log, ordered by when things happened.
 * The same mark from two devices within `twoDevicesMs` is one: the later is `double_of` the earlier. A review may say
 * that it is another ("separate"), or that any mark is the same as the one of its kind before it ("same").
 * @param {LogEvent[]} log
 * @param {number} twoDevicesMs
 * @returns {Entry[]}
 */
export function settle(log, twoDevicesMs) {
  const events = [...new Map(log.map((event) => [event.id, event])).values()].sort(
    inOrderOf((event) => [event.tapped, event.seq, event.device, event.id]),
  );
  const undone = undoneIds(events);
  const corrections = correctionsOf(events, undone);
  const entries = events.map((event) => entryOf(event, undone.has(event.id), corrections.get(event.id) ?? []));
  entries.sort(inOrderOf(({ at, event }) => [at, event.seq, event.device, event.id]));
  return paired(entries, twoDevicesMs, verdicts(events, undone));
}

/**
 * Compares number by number, text by text; ids are ASCII, so that `<` is the order of Python too.
 * @template T
 * @param {(item: T) => (number | string)[]} keysOf
 * @returns {(first: T, second: T) => number}
 */
export function inOrderOf(keysOf) {
  return (first, second) => {
    const [left, right] = [keysOf(first), keysOf(second)];
    const n = left.findIndex((key, i) => key !== right[i]);
    return n < 0 ? 0 : left[n] < right[n] ? -1 : 1;
  };
}

/**
 * Ids that an undo takes back, the last undo first: what it undoes may itself be an undo.
 * @param {LogEvent[]} events
 * @returns {Set<string>}
 */
function undoneIds(events) {
  const undone = new Set();
  for (const event of [...events].reverse()) {
    const target = event.data?.of;
    if (event.kind === "undo" && !undone.has(event.id) && typeof target === "string") undone.add(target);
  }
  for (const event of events) if (event.kind === "opened") undone.delete(event.id);
  return undone;
}

/**
 * Event → the details and amendments laid over it, in the order in which they were made.
 * @param {LogEvent[]} events
 * @param {Set<string>} undone
 * @returns {Map<string, LogEvent[]>}
 */
function correctionsOf(events, undone) {
  const corrections = new Map();
  for (const event of events) {
    const target = event.data?.of;
    if ((event.kind === "detail" || event.kind === "amend") && !undone.has(event.id) && typeof target === "string") {
      if (!corrections.has(target)) corrections.set(target, []);
      corrections.get(target).push(event);
    }
  }
  return corrections;
}

/**
 * Event → what the last review said of it: "same", "separate", or nothing of that kind.
 * @param {LogEvent[]} events
 * @param {Set<string>} undone
 */
function verdicts(events, undone) {
  const reviews = events.filter(
    (event) => event.kind === "review" && !undone.has(event.id) && event.data?.verdict !== undefined,
  );
  return new Map(reviews.map((event) => [event.data.of, event.data.verdict]));
}

/**
 * @param {LogEvent} event
 * @param {boolean} undone
 * @param {LogEvent[]} corrections
 * @returns {Entry}
 */
function entryOf(event, undone, corrections) {
  // No prototype: a key that the entry lacks is undefined, whatever its name.
  const data = Object.assign(Object.create(null), event.data);
  let at = event.at;
  let amended = false;
  for (const correction of CORRECTABLE.has(event.kind) ? corrections : []) {
    const { set } = correction.data;
    if (typeof set !== "object" || set === null) continue;
    if (Number.isInteger(set.at) && set.at >= 0) at = set.at;
    for (const [key, value] of Object.entries(set)) if (key !== "at" && !FIXED.has(key)) data[key] = value;
    amended ||= correction.kind === "amend";
  }
  return { event, at, data, undone, amended, double_of: null };
}

/**
 * @param {Entry[]} entries
 * @param {number} withinMs
 * @param {Map<unknown, unknown>} verdicts
 */
function paired(entries, withinMs, verdicts) {
  /** @type {Map<string, { counted: Entry, devices: Set<string> }>} */
  const last = new Map(); // mark → the last that counts, and the devices that told of it
  for (const entry of entries) {
    const { mark } = entry.data;
    if (entry.event.kind !== "mark" || entry.undone || typeof mark !== "string") continue;
    const { device } = entry.event;
    const before = last.get(mark);
    const verdict = verdicts.get(entry.event.id);
    const twice =
      before && !before.devices.has(device) && entry.at - before.counted.at <= withinMs && verdict !== "separate";
    if (before && (twice || verdict === "same")) {
      before.devices.add(device);
      entry.double_of = before.counted.event.id;
    } else {
      last.set(mark, { counted: entry, devices: new Set([device]) });
    }
  }
  return entries;
}
