// Items to review, entries and what was expected, as sentences in the protocol's words.
//
// Twin of core/engine/sentences.py.

import { has } from "../rules/lookup.js";
import { optionsOf } from "../rules/options.js";
import { fill, number, plainly, timeOfDay } from "./format.js";

/**
 * @import { Protocol, Value } from "../rules/tables.js"
 * @import { Entry, Item, Model } from "../rules/types.js"
 *
 * @typedef {Protocol & { elsewhere?: Record<string, string> }} Tables with other regions' levels and what to do about
 *   them; tables that a tablet stored some versions ago lack them
 */

/** @type {Record<string, string>} */
const ENTRY_LABELS = { ack: "Alarm seen", takeover: "Recording taken over" }; // others are called as their kind is

/**
 * What an entry is; an id that the protocol does not know stands as it is.
 * @param {Protocol} protocol
 * @param {Entry} entry
 */
export function labelOf(protocol, { event: { kind }, data }) {
  /** @type {Record<string, Record<string, { label: string }>>} */
  const tables = {
    mark: protocol.mark,
    check: protocol.check,
    value: protocol.value,
    complication: protocol.complication,
  };
  const byKind = kind.charAt(0).toUpperCase() + kind.slice(1);
  if (!has(tables, kind)) return ENTRY_LABELS[kind] ?? byKind;
  return has(tables[kind], data[kind]) ? tables[kind][data[kind]].label : plainly(data[kind]) || byKind;
}

/**
 * One item to review.
 * @param {Pick<Model, "protocol" | "entries">} model
 * @param {Item} item
 */
export function reviewText({ protocol, entries }, item) {
  const entry = entries.find(({ event }) => event.id === item.event);
  if (!entry) return "";
  const { key, kind, found, state } = item;
  const known = key !== null && has(protocol.value, key);
  const isEvidence = kind === "missing_evidence" || kind === "too_late";
  const expect = isEvidence ? protocol.expect.find(({ id }) => id === key) : undefined;
  const text = fill(protocol.review[kind], {
    ...whyOf(protocol, entry, item),
    what: labelOf(protocol, entry),
    t: timeOfDay(item.at),
    state: state === null ? "" : protocol.state[state].label,
    key: expect?.label ?? (known ? protocol.value[key].label : key),
    found: plainly(found),
    expected: known ? expected(protocol, key) : "",
  }).trim();
  const { elsewhere = {} } = /** @type {Tables} */ (protocol);
  return kind === "not_offered" && has(elsewhere, found) ? `${text} ${elsewhere[found]}` : text;
}

/**
 * Why an item is listed, and what else it concerns, where the protocol says so.
 * @param {Protocol} protocol
 * @param {Entry} entry
 * @param {Item} item
 */
function whyOf(protocol, { data }, { kind, key, found }) {
  if (kind === "missing_evidence" || kind === "too_late")
    return { why: protocol.expect.find(({ id }) => id === key)?.why, other: "" };
  if (kind === "does_not_fit") {
    const broken = protocol.fit.find(
      (fit) => fit.key === key && has(fit.allowed, data[fit.with]) && !fit.allowed[data[fit.with]].includes(found),
    );
    return { why: broken?.why, other: broken && protocol.value[broken.with].label };
  }
  return { why: has(protocol.mark, data.mark) ? protocol.mark[data.mark].why : "", other: "" };
}

/**
 * What a value may be: "a number, 0 to 64 points", "one of L1-L2, L2-L3".
 * @param {Protocol} protocol
 * @param {string} key
 */
export function expected(protocol, key) {
  const value = protocol.value[key];
  if (value.type === "option")
    return `one of ${optionsOf(protocol, key)
      .map(({ id }) => id)
      .join(", ")}`;
  if (value.type === "number") return (value.whole ? "a whole number" : "a number") + rangeOf(value);
  return value.type === "yesno" ? "yes or no" : value.type === "moment" ? "a moment" : "text";
}

/** @param {Value} value */
function rangeOf({ min, max, unit }) {
  const [low, high] = [min, max].map((bound) => (bound === null ? null : number(bound)));
  if (low === null && high === null) return "";
  if (low === null || high === null)
    return `${`, ${low ?? high} ${unit}`.trimEnd()}${high === null ? " or more" : " or less"}`;
  return `, ${low} to ${high} ${unit}`.trimEnd();
}
