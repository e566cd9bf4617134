// What a record lacks, by name and place, and the panel in which it is given.

import { unmet } from "../rules/evidence.js";
import { timeOfDay } from "./format.js";
import { endingMark } from "./marks.js";
import { labelOf } from "./wording.js";

/**
 * @import { Expect } from "../rules/tables.js"
 * @import { Item, Model, PanelPlace } from "../rules/types.js"
 */

/**
 * Evidence that was expected, a value, or what should stand before the end.
 * @param {Model} model
 * @returns {{ name: string, where: string, panel: PanelPlace }[]}
 */
export function lacking(model) {
  const { protocol, walk, entries } = model;
  const late = new Set(walk.review.filter(({ kind }) => kind === "too_late").map(({ key }) => key)); // missing no more
  const listed = walk.review.filter(
    ({ kind, key }) => kind === "missing" || (kind === "missing_evidence" && !late.has(key)),
  );
  const mark = endingMark(model);
  const before = mark === null ? "" : `before ${protocol.mark[mark].label}`;
  return [
    ...listed.map((item) => ofItem(model, item)),
    ...unmet(protocol, entries, mark).map((expect) => ({
      name: expect.label,
      where: before,
      panel: evidencePanel(expect),
    })),
  ];
}

/**
 * @param {Model} model
 * @param {Item} item
 */
function ofItem({ protocol, entries }, { kind, key, event, at }) {
  const expect = kind === "missing_evidence" ? protocol.expect.find(({ id }) => id === key) : undefined;
  const entry = entries.find((candidate) => candidate.event.id === event);
  const name = (expect ?? protocol.value[key ?? ""])?.label ?? key ?? "";
  const where = `${entry ? labelOf(protocol, entry) : ""} · ${timeOfDay(at)}`;
  if (expect) return { name, where, panel: evidencePanel(expect) };
  const carried = entry?.event.kind === "mark";
  return { name, where, panel: carried ? { name: "entry", entry: event } : { name: "value", id: key ?? "" } };
}

/**
 * @param {Expect} expect
 * @returns {PanelPlace}
 */
const evidencePanel = ({ value, check }) =>
  value ? { name: "value", id: value } : check ? { name: "check", id: check } : { name: "more" };
