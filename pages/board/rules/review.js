// What a record lists to review: entries that contradict the protocol or each other. Kept whole, never refused.
//
// Twin of core/engine/review.py.

import { unexplained, unproven } from "./evidence.js";
import { counts } from "./log.js";
import { isNumber } from "./lookup.js";
import { misfits } from "./misfits.js";

/**
 * @import { Protocol, Review } from "./tables.js"
 * @import { Entry, Item, LogEvent } from "./types.js"
 */

const HOUR_MS = 3600 * 1000;

/**
 * The items to review of a settled log, in its order, reviewed ones too.
 * @param {Protocol} protocol
 * @param {Entry[]} entries
 * @param {Map<string, string>} astray event → the state that did not expect it
 * @param {Set<string>} inferred events that prove what nobody had recorded
 * @returns {Item[]}
 */
export function listed(protocol, entries, astray, inferred) {
  const known = new Set(entries.map((entry) => entry.event.id));
  const recorders = entries.filter((entry) => ["opened", "takeover"].includes(entry.event.kind) && counts(entry));
  const more = [...unproven(protocol, entries), ...unexplained(protocol, entries)];
  const items = entries.flatMap((entry) => [
    ...(entry.undone ? [] : itemsOf(protocol, entry, astray, inferred, known, recorders)),
    ...more.filter((item) => item.event === entry.event.id),
  ]);
  const reviews = entries.filter((entry) => entry.event.kind === "review" && counts(entry));
  const looked = new Map(reviews.map(({ event, data }) => [placeOf(data.of, data.kind, data.key), event.id]));
  return items.map((item) => ({ ...item, review: looked.get(placeOf(item.event, item.kind, item.key)) ?? null }));
}

/**
 * Which item a review speaks of: its entry, its kind and its key.
 * @param {unknown} of
 * @param {unknown} kind
 * @param {unknown} key
 */
const placeOf = (of, kind, key) => JSON.stringify([of, kind, key ?? null]);

/**
 * @param {Protocol} protocol
 * @param {Entry} entry
 * @param {Map<string, string>} astray
 * @param {Set<string>} inferred
 * @param {Set<string>} known
 * @param {Entry[]} recorders
 */
function itemsOf(protocol, entry, astray, inferred, known, recorders) {
  const { event, data } = entry;
  /** @type {Omit<Item, "review">[]} */
  const items = [];
  /** @type {(kind: keyof Review, place?: Partial<Item>) => void} */
  const item = (kind, place) => {
    items.push({ kind, at: entry.at, event: event.id, key: null, found: null, state: null, ...place });
  };

  if (entry.double_of !== null) item("double");
  else if (inferred.has(event.id)) item("inferred");
  else if (astray.has(event.id)) item("out_of_order", { state: astray.get(event.id) });
  if (["undo", "detail", "amend", "review"].includes(event.kind) && !known.has(data.of)) item("no_target");
  for (const { kind, ...place } of misfits(protocol, entry)) item(kind, place);
  if (handedOver(entry, recorders)) item("former_recorder");
  const { late_h, ahead_s } = protocol.recording;
  if (typeof event.received === "number" && event.received - event.tapped > late_h * HOUR_MS) item("arrived_late");
  if (typeof event.received === "number" && event.tapped - event.received > ahead_s * 1000) item("clock_ahead");
  if (toCome(event)) item("to_come");
  return items;
}

/**
 * Whether an entry, or a correction of one, says that something happened after it was entered.
 * @param {LogEvent} event
 */
function toCome({ kind, at, tapped, data }) {
  const corrected = data?.set?.at;
  return at > tapped || (["detail", "amend"].includes(kind) && isNumber(corrected) && corrected > tapped);
}

/**
 * Whether the entry was made on a tablet that recorded before another took over; one that never recorded had nothing
 * to hand over.
 * @param {Entry} entry
 * @param {Entry[]} recorders the opening and every take-over, in order
 */
function handedOver({ event }, recorders) {
  const devices = recorders.filter((entry) => entry.event.tapped <= event.tapped).map((entry) => entry.event.device);
  return (
    !["opened", "takeover"].includes(event.kind) && devices.includes(event.device) && devices.at(-1) !== event.device
  );
}
