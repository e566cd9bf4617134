// What an entry carries and the protocol does not know, offer or allow.
//
// Twin of core/engine/review.py.

import { has } from "./lookup.js";

/**
 * @import { Fit, Protocol, Value } from "./tables.js"
 * @import { Entry, Item } from "./types.js"
 *
 * @typedef {Pick<Item, "kind"> & Partial<Item>} Misfit {kind, key, found}
 */

/**
 * Every misfit of an entry.
 * @param {Protocol} protocol
 * @param {Entry} entry
 * @returns {Misfit[]}
 */
export function misfits(protocol, { event, data }) {
  if (event.kind === "mark") return ofMark(protocol, data);
  const takenBack = data.is == null && has(protocol.value, data.value);
  if (event.kind === "value") return takenBack ? [] : misfit(protocol, data.value, data.is);
  if (event.kind === "complication") return ofComplication(protocol, data);
  return event.kind === "check" && !has(protocol.check, data.check) ? [{ kind: "unknown" }] : [];
}

/**
 * @param {Protocol} protocol
 * @param {Entry["data"]} data
 * @returns {Misfit[]}
 */
function ofMark(protocol, data) {
  if (!has(protocol.mark, data.mark)) return [{ kind: "unknown" }];
  const missing = protocol.mark[data.mark].needs.filter((key) => (data[key] ?? "") === "");
  return [
    ...missing.map((key) => /** @type {Misfit} */ ({ kind: "missing", key })),
    ...carriedKeys(data)
      .filter((key) => key !== "mark")
      .flatMap((key) => misfit(protocol, key, data[key])),
    ...protocol.fit
      .filter((fit) => !fits(fit, data))
      .map((fit) => /** @type {Misfit} */ ({ kind: "does_not_fit", key: fit.key, found: data[fit.key] })),
  ];
}

/**
 * @param {Protocol} protocol
 * @param {Entry["data"]} data
 * @returns {Misfit[]}
 */
function ofComplication(protocol, data) {
  const described = carriedKeys(data).filter((key) => protocol.describe.includes(key));
  return [
    ...(has(protocol.complication, data.complication) ? [] : [/** @type {Misfit} */ ({ kind: "unknown" })]),
    ...described.flatMap((key) => misfit(protocol, key, data[key])),
  ];
}

/**
 * In alphabetical order, as the server lists them.
 * @param {Entry["data"]} data
 */
const carriedKeys = (data) =>
  Object.keys(data)
    .sort()
    .filter((key) => data[key] !== null);

/**
 * Whether what is carried goes with what it is carried with.
 * @param {Fit} fit
 * @param {Entry["data"]} data
 */
function fits(fit, data) {
  const allowed = has(fit.allowed, data[fit.with]) ? fit.allowed[data[fit.with]] : null;
  return allowed === null || typeof data[fit.key] !== "string" || allowed.includes(data[fit.key]);
}

/**
 * @param {Protocol} protocol
 * @param {string} key
 * @param {any} content
 * @returns {Misfit[]}
 */
function misfit(protocol, key, content) {
  if (!has(protocol.value, key)) return [{ kind: "unknown", key: typeof key === "string" ? key : null }];
  const value = protocol.value[key];
  if (!hasType(value, content))
    return [{ kind: "wrong_type", key, found: typeof content === "object" ? null : content }];
  if (value.type === "option" && !options(protocol, value).some((option) => option.id === content))
    return [{ kind: "not_offered", key, found: content }];
  return inRange(value, content) ? [] : [{ kind: "out_of_range", key, found: content }];
}

/**
 * Whether a value is of the kind that the protocol declares: number, whole number, moment, text, yes or no.
 * @param {Value} value
 * @param {any} content
 */
function hasType(value, content) {
  if (value.type === "moment") return Number.isInteger(content) && content >= 0;
  if (value.type === "number") return typeof content === "number" && (!value.whole || Number.isInteger(content));
  return typeof content === (value.type === "yesno" ? "boolean" : "string");
}

/**
 * The options of a value, its own or those it shares.
 * @param {Protocol} protocol
 * @param {Value} value
 */
const options = (protocol, value) => (value.options_of ? protocol.value[value.options_of] : value).options;

/**
 * @param {Value} value
 * @param {any} content
 */
const inRange = ({ min, max }, content) => (min === null || content >= min) && (max === null || content <= max);
