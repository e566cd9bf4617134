// Values at whose content somebody should look as a mark is made, and the prompts that they raise.
//
// Twin of core/engine/cautions.py.

import { raise } from "./figures.js";
import { counts } from "./log.js";
import { has, isNumber, isText } from "./lookup.js";

/**
 * @import { Caution, Protocol } from "./tables.js"
 * @import { Entry, Step } from "./types.js"
 * @import { Proven } from "./figures.js"
 */

const DAY = /^(\d{4})-(\d{2})(?:-(\d{2}))?$/; // 2026-12-31, 2026-12
const DAY_FIRST = /^(\d{2})\.(\d{2})\.(\d{4})$/; // 31.12.2026
const MONTH_FIRST = /^(\d{2})[/.](\d{4})$/; // 12/2026
const LATEST = 253_402_300_799_000; // the calendar's last second, ms

/**
 * The cautions that hold as their mark is made, by what that carries, else by what was recorded before it.
 * @param {Protocol} protocol
 * @param {Entry[]} entries
 * @param {Step[]} steps
 * @param {Proven[]} raised
 */
export function caution(protocol, entries, steps, raised) {
  const marks = new Set(protocol.caution.map(({ at }) => at));
  const numbers = new Map(
    steps.flatMap(({ entry, mark }, n) => (marks.has(mark) ? [/** @type {const} */ ([entry.event.id, n])] : [])),
  );
  /** @type {Map<string, unknown>} */
  const known = new Map();
  for (const entry of entries) {
    if (!counts(entry)) continue;
    for (const [key, content] of contents(protocol, entry)) known.set(key, content);
    const n = numbers.get(entry.event.id);
    if (n === undefined) continue;
    for (const table of protocol.caution) {
      const content = known.get(table.value);
      const applies = table.when === null || known.get(table.when) === table.when_is;
      if (table.at !== steps[n].mark || !applies || !holds(table, content, known, entry.at)) continue;
      const proof = {
        group: isText(content) ? content : null,
        count: isNumber(content) ? content : null,
        bound: table.below ?? table.above,
      };
      raised.push({ n, prompt: raise(table.prompt, entry.at, entry.event.id, proof) });
    }
  }
}

/**
 * What an entry says of the protocol's values.
 * @param {Protocol} protocol
 * @param {Entry} entry
 * @returns {[string, unknown][]}
 */
function contents({ value }, { event, data }) {
  if (event.kind === "value") return has(value, data.value) ? [[data.value, data.is ?? null]] : [];
  if (event.kind !== "mark") return [];
  const keys = Object.keys(value).filter((key) => Object.hasOwn(data, key) && (data[key] ?? "") !== "");
  return keys.map((key) => [key, data[key]]);
}

/**
 * @param {Caution} table
 * @param {unknown} content
 * @param {Map<string, unknown>} known
 * @param {number} at
 */
function holds(table, content, known, at) {
  if (content === null || content === undefined || content === "") return false;
  if (table.below !== null) return isNumber(content) && content < table.below;
  if (table.above !== null) return isNumber(content) && content > table.above;
  if (table.is !== null) return content === table.is;
  if (table.yes !== null) return content === table.yes;
  if (table.is_not !== null) return isText(content) && content.trim().toLowerCase() !== table.is_not;
  if (table.day_past) {
    const last = lastDay(content);
    return last !== null && last < new Date(Math.min(at, LATEST)).toISOString().slice(0, 10);
  }
  const other = known.get(table.equals ?? table.differs ?? "");
  if (other === null || other === undefined || other === "") return false;
  return table.equals !== null ? content === other : content !== other;
}

/**
 * The last day of what is written as a day or a month, as 2026-12-31 (of a month always 31); null of others.
 * @param {unknown} text
 */
export function lastDay(text) {
  if (!isText(text)) return null;
  const typed = text.trim();
  const day = DAY.exec(typed);
  if (day) return `${day[1]}-${day[2]}-${day[3] ?? "31"}`;
  const dayFirst = DAY_FIRST.exec(typed);
  if (dayFirst) return `${dayFirst[3]}-${dayFirst[2]}-${dayFirst[1]}`;
  const month = MONTH_FIRST.exec(typed);
  return month ? `${month[2]}-${month[1]}-31` : null;
}
