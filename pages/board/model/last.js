// What was entered last, and what it could still carry.

import { counts } from "../rules/log.js";
import { has } from "../rules/lookup.js";
import { planRows } from "./phases.js";

/** @import { Entry, Model } from "../rules/types.js" */

/** @param {Model} model */
export function lastMark({ entries }) {
  return entries.findLast((entry) => entry.event.kind === "mark" && counts(entry));
}

// Details and answers are laid over entries and are none themselves.
const OWN = new Set(["mark", "check", "value", "complication", "note"]);

/**
 * What was entered last, by one tap: one entry or more.
 * @param {Model} model
 */
export function lastMade({ entries }) {
  const own = entries.filter((entry) => OWN.has(entry.event.kind) && !entry.undone);
  /** @type {(first: Entry, second: Entry) => number} */
  const byTap = ({ event: first }, { event: second }) => first.tapped - second.tapped || first.seq - second.seq;
  const last = own.toSorted(byTap).at(-1);
  return last
    ? own.filter(({ event }) => event.tapped === last.event.tapped && event.device === last.event.device)
    : [];
}

/**
 * The last mark that could still carry something.
 * @param {Model} model
 */
export function lastWanting(model) {
  return model.entries.findLast(
    (entry) => entry.event.kind === "mark" && counts(entry) && missingDetails(model, entry).length > 0,
  );
}

/**
 * What a mark could still carry and does not yet: what it needs first.
 * @param {Model} model
 * @param {Entry | undefined} entry
 */
export function missingDetails({ protocol }, entry) {
  if (!entry || !has(protocol.mark, entry.data.mark)) return [];
  const mark = protocol.mark[entry.data.mark];
  return [...mark.needs, ...mark.may].filter((key) => protocol.value[key].ask && (entry.data[key] ?? "") === "");
}

/**
 * What the plan's own row asks of an entry, so that nothing else has to: the needle is in, and where is not told yet.
 * @param {Model} model
 * @param {Entry | undefined} entry
 * @param {string} key
 */
export function askedByPlan(model, entry, key) {
  const row = entry && planRows(model, model.phase).find((plan) => plan.key === key && plan.on === entry.data.mark);
  if (!row || Object.hasOwn(model.state.open, row.on)) return false;
  return missingDetails(model, entry).includes(key);
}
