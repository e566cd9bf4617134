// What comes after the needle: red flags, follow-up calls, what the record still lacks.
//
// Twin of core/facts/aftercare.py and core/care/follow_up.py.

import { unmet } from "../rules/evidence.js";
import { counts } from "../rules/log.js";

/**
 * @import { FollowUp, Protocol } from "../rules/tables.js"
 * @import { Entry, Model } from "../rules/types.js"
 *
 * @typedef {object} Call a follow-up call; moments UTC ms
 * @property {string} id
 * @property {string} label
 * @property {number} due_at
 * @property {number | null} late_at overdue from there
 * @property {number | null} lapses_at no more awaited from there
 * @property {number | null} limit so many unanswered calls: unreachable
 * @property {number[]} tries
 * @property {number | null} made_at
 */

const HOUR_MS = 3600 * 1000;

/**
 * What to do about a complication, in the protocol's words, where it is a red flag.
 * @param {Protocol} protocol
 * @param {Entry["data"]} data
 */
export function redFlag(protocol, data) {
  const flags = protocol.red_flag.filter(({ complication }) => complication === data.complication);
  return flags.find(({ value, is }) => value === null || (data[value] ?? null) === is)?.do ?? null;
}

/**
 * Whether a complication says until when it lasted.
 * @param {Protocol} protocol
 * @param {Entry["data"]} data
 */
export const isOver = (protocol, data) =>
  protocol.describe.some((key) => protocol.value[key].type === "moment" && (data[key] ?? null) !== null);

/**
 * Opened by mistake: no procedure of the patient.
 * @param {Model} model
 */
const isMistaken = ({ protocol, walk }) => protocol.outcome.some(({ id, closed }) => closed && id === walk.outcome);

/**
 * The entries of these marks that count.
 * @param {Model} model
 * @param {(string | null)[]} marks
 */
const marked = ({ entries }, marks) =>
  entries.filter((entry) => entry.event.kind === "mark" && counts(entry) && marks.includes(entry.data.mark));

/**
 * The follow-up calls that the session asks for, with what was done about each: none that could not be recorded.
 * @param {Model} model
 * @returns {Call[]}
 */
export function calls(model) {
  if (isMistaken(model)) return [];
  return model.protocol.follow_up.flatMap((table) => {
    const since = marked(model, table.after).at(-1)?.at;
    return table.made === null || since === undefined ? [] : [callOf(model, table, since)];
  });
}

/**
 * @param {Model} model
 * @param {FollowUp} table
 * @param {number} since from when its hours count
 * @returns {Call}
 */
function callOf(model, table, since) {
  /** @param {string | null} mark */
  const moments = (mark) => {
    const { value, is } = table;
    if (mark === null || value === null) return [];
    return marked(model, [mark])
      .filter(({ at, data }) => (data[value] ?? null) === is && at >= since)
      .map(({ at }) => at);
  };
  /** @param {number | null} hours */
  const after = (hours) => (hours === null ? null : since + Math.round(hours * HOUR_MS));
  return {
    id: table.id,
    label: table.label,
    due_at: since + Math.round(table.hours * HOUR_MS),
    late_at: after(table.late_hours),
    lapses_at: after(table.lapses_hours),
    limit: table.tries,
    tries: moments(table.tried),
    made_at: moments(table.made)[0] ?? null,
  };
}

/**
 * How a call stands: made or missed for good, else unreachable after enough attempts, else by its hour.
 * @param {Call} call
 * @param {number} now
 */
export function callStanding({ made_at, lapses_at, limit, tries, late_at, due_at }, now) {
  if (made_at !== null) return "done";
  if (lapses_at !== null && now >= lapses_at) return "missed";
  if (limit !== null && tries.length >= limit) return "unreachable";
  if (late_at !== null && now >= late_at) return "overdue";
  return now >= due_at ? "due" : "coming";
}

/**
 * What should stand before the end and does not, by the names of the protocol.
 * @param {Model} model
 */
export function expectedAtEnd(model) {
  const { protocol, entries } = model;
  const lacking = closing(protocol).flatMap((mark) => unmet(protocol, entries, mark));
  return isMistaken(model) ? [] : [...new Set(lacking.map(({ label }) => label))];
}

/**
 * The marks that end a procedure properly: they lead to a final state.
 * @param {Protocol} protocol
 */
function closing(protocol) {
  const states = Object.values(protocol.state).filter(({ final }) => !final);
  const ways = states.flatMap(({ open }) => Object.entries(open));
  return [...new Set(ways.filter(([, after]) => protocol.state[after].final).map(([mark]) => mark))];
}
