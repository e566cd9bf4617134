// The options of a value, those that go with what else is chosen, and those that are left at a point of the log.
//
// Twin of core/engine/options.py and core/protocols/tables.py.

import { count } from "./figures.js";
import { counts } from "./log.js";
import { has, isText } from "./lookup.js";
import { stepsOf } from "./steps.js";

/**
 * @import { Option, Protocol } from "./tables.js"
 * @import { Entry, Model } from "./types.js"
 */

/**
 * The options of a value, its own or those it shares.
 * @param {Protocol} protocol
 * @param {string} key
 * @returns {Option[]}
 */
export function optionsOf(protocol, key) {
  const value = protocol.value[key];
  return (value.options_of ? protocol.value[value.options_of] : value).options;
}

/**
 * What an option is called; an id that the value does not offer stands as it is.
 * @param {Protocol} protocol
 * @param {string} key
 * @param {string} option
 */
export function optionLabel(protocol, key, option) {
  return optionsOf(protocol, key).find(({ id }) => id === option)?.label ?? option;
}

/**
 * Whether an option goes with what else is chosen: planned, or carried by a mark.
 * @param {Pick<Model, "protocol">} model
 * @param {string} key
 * @param {string} option
 * @param {Record<string, any>} chosen
 */
export function goes({ protocol }, key, option, chosen) {
  const fits = protocol.fit.filter((fit) => fit.key === key && has(fit.allowed, chosen[fit.with]));
  return fits.every((fit) => fit.allowed[chosen[fit.with]].includes(option));
}

/**
 * The options that go with what else is chosen; the chosen one always.
 * @param {Pick<Model, "protocol">} model
 * @param {string} key
 * @param {Record<string, any>} chosen
 */
export function fittingOptions(model, key, chosen) {
  return optionsOf(model.protocol, key).filter(({ id }) => id === chosen[key] || goes(model, key, id, chosen));
}

/**
 * The options that, by these entries, have not failed as often as they may and are not barred for the patient.
 * @param {Pick<Model, "protocol" | "entries">} model
 * @param {string} [key]
 */
export function leftOptions({ protocol, entries }, key = protocol.group) {
  const steps = stepsOf(protocol, entries);
  const limited = protocol.counter.filter((counter) => counter.limit && counter.per === key);
  const failed = limited.flatMap((counter) => count(counter, steps, []).reached);
  const bars = protocol.plan.flatMap((plan) => (plan.key === key && plan.bar ? [plan.bar] : []));
  const gone = new Set([...failed, ...bars.map((bar) => lastText(entries, bar))]);
  return optionsOf(protocol, key).filter(({ id }) => !gone.has(id));
}

/**
 * The text that was recorded last for a value; empty where it was taken back, or is none.
 * @param {Entry[]} entries
 * @param {string} key
 */
function lastText(entries, key) {
  const last = entries.findLast((entry) => entry.event.kind === "value" && counts(entry) && entry.data.value === key);
  return isText(last?.data.is) ? last.data.is : "";
}

/**
 * The entries up to an event, and with it.
 * @param {Entry[]} entries
 * @param {string} id
 */
export const until = (entries, id) => entries.slice(0, entries.findIndex(({ event }) => event.id === id) + 1);
