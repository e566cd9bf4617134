// What was entered last, and what it could still carry.

import { counts } from "../rules/log.js";
import { has } from "../rules/lookup.js";
import { stepsOf } from "../rules/steps.js";
import { planRows } from "./phases.js";

/** @import { Entry, Model } from "../rules/types.js" */

/** @param {Model} model */
export function lastMark({ entries }) {
  return entries.findLast((entry) => entry.event.kind === "mark" && counts(entry));
}

// Details and answers are laid over entries and are none themselves.
const OWN = new Set(["mark", "check", "value", "complication", "note"]);

/**
 * Whether an entry was saved by a form (core/records/sessions.py, add): a call, a correction. A board's undo leaves it
 * alone, as whoever holds this tablet did not enter it on this screen; it is corrected where it was entered.
 * @param {Entry} entry
 */
const byForm = ({ event }) => /-\d+$/.test(event.id);

/**
 * What was entered last on a board, by one tap: one entry or more.
 * @param {Model} model
 */
export function lastMade({ entries }) {
  const own = entries.filter((entry) => OWN.has(entry.event.kind) && !entry.undone && !byForm(entry));
  /** @type {(first: Entry, second: Entry) => number} */
  const byTap = ({ event: first }, { event: second }) => first.tapped - second.tapped || first.seq - second.seq;
  const last = own.toSorted(byTap).at(-1);
  return last
    ? own.filter(({ event }) => event.tapped === last.event.tapped && event.device === last.event.device)
    : [];
}

/**
 * What ended the stay or the procedure: the last mark that led to another state, with what the same tap entered.
 * @param {Model} model
 */
export function ending({ protocol, entries }) {
  const last = stepsOf(protocol, entries).findLast(({ before, after }) => before !== after);
  if (!last || byForm(last.entry)) return [];
  const { tapped, device } = last.entry.event;
  return entries.filter(
    ({ event, undone }) => OWN.has(event.kind) && !undone && event.tapped === tapped && event.device === device,
  );
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
