// What has to stand in the log before a mark, and choices that need a reason.
//
// Twin of core/engine/review.py.

import { counts } from "./log.js";

/**
 * @import { Expect, Protocol, Review } from "./tables.js"
 * @import { Entry, Item } from "./types.js"
 */

/**
 * Whether the entry is this mark, this check, this value.
 * @param {Entry} entry
 * @param {string} kind
 * @param {string | null} id
 */
const is = (entry, kind, id) => entry.event.kind === kind && entry.data[kind] === id;

/**
 * @param {Entry} entry
 * @param {keyof Review} kind
 * @param {string} key
 * @returns {Omit<Item, "review">}
 */
const itemAt = (entry, kind, key) => ({ kind, at: entry.at, event: entry.event.id, key, found: null, state: null });

/**
 * Evidence that did not stand before its mark: missing there, and too late wherever it comes afterwards.
 * @param {Protocol} protocol
 * @param {Entry[]} entries
 */
export function unproven(protocol, entries) {
  const counted = entries.filter(counts);
  return protocol.expect.flatMap((expect) => {
    const due = counted.findIndex((entry) => is(entry, "mark", expect.before));
    if (due < 0 || proven(expect, counted.slice(0, due))) return [];
    const late = counted.slice(due).filter((entry) => proves(expect, entry));
    return [
      itemAt(counted[due], "missing_evidence", expect.id),
      ...late.map((entry) => itemAt(entry, "too_late", expect.id)),
    ];
  });
}

/**
 * What `mark` expects and what does not stand yet: told before it is tapped, not only afterwards.
 * @param {Protocol} protocol
 * @param {Entry[]} entries
 * @param {string | null | undefined} mark
 */
export function unmet(protocol, entries, mark) {
  const counted = entries.filter(counts);
  return protocol.expect.filter((expect) => expect.before === mark && !proven(expect, counted));
}

/**
 * @param {Expect} expect
 * @param {Entry[]} counted
 */
function proven(expect, counted) {
  const applies =
    expect.given.length === 0 || counted.some((entry) => expect.given.some((mark) => is(entry, "mark", mark)));
  if (!applies) return true;
  const since = counted.findLastIndex((entry) => expect.anew.some((mark) => is(entry, "mark", mark)));
  return counted.slice(Math.max(since, 0)).some((entry) => proves(expect, entry));
}

/**
 * @param {Expect} expect
 * @param {Entry} entry
 */
function proves(expect, entry) {
  if (expect.value === null)
    return expect.mark !== null ? is(entry, "mark", expect.mark) : is(entry, "check", expect.check);
  if (is(entry, "value", expect.value)) return (entry.data.is ?? "") !== "";
  const carries = ["value", "mark"].includes(entry.event.kind) && Object.hasOwn(entry.data, expect.value);
  return carries && (entry.data[expect.value] ?? "") !== "";
}

/**
 * A choice that marks the record and lacks its reason.
 * @param {Protocol} protocol
 * @param {Entry[]} entries
 */
export function unexplained(protocol, entries) {
  const last = new Map(
    entries.filter((entry) => entry.event.kind === "value" && counts(entry)).map((entry) => [entry.data.value, entry]),
  );
  return protocol.flag.flatMap((flag) => {
    const entry = last.get(flag.value);
    const reason = last.get(flag.needs)?.data.is ?? "";
    return entry && entry.data.is === flag.is && flag.needs !== null && reason === ""
      ? [itemAt(entry, "missing", flag.needs)]
      : [];
  });
}
