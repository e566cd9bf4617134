// The options of a value, those that go with what else is chosen, and those that are left.

/** @import { Option, Protocol } from "./tables.js" */
/** @import { Model } from "./types.js" */

/** @typedef {Record<string, any>} Chosen what is chosen so far, by value */

/** @type {(protocol: Protocol, id: string) => Option[]} */
export function optionsOf(protocol, id) {
  const value = protocol.value[id];
  return value.options_of ? protocol.value[value.options_of].options : value.options;
}

/** @type {(protocol: Protocol, id: string, option: string) => string} */
export function optionLabel(protocol, id, option) {
  return optionsOf(protocol, id).find((offered) => offered.id === option)?.label ?? option;
}

// Whether an option goes with what else is chosen: planned, or carried by a mark.
/** @type {(model: Pick<Model, "protocol">, key: string, option: string, chosen: Chosen) => boolean} */
export function goes({ protocol }, key, option, chosen) {
  const rows = protocol.fit.filter((fit) => fit.key === key && Object.hasOwn(fit.allowed, chosen[fit.with] ?? ""));
  return rows.every((fit) => fit.allowed[chosen[fit.with]].includes(option));
}

// The options that go with what else is chosen; the chosen one always.
/** @type {(model: Pick<Model, "protocol">, key: string, chosen: Chosen) => Option[]} */
export function fittingOptions(model, key, chosen) {
  return optionsOf(model.protocol, key).filter(
    (option) => option.id === chosen[key] || goes(model, key, option.id, chosen),
  );
}

// Options of the group that have not failed and are not barred.
/** @type {(model: Pick<Model, "protocol" | "walk">) => Option[]} */
export function leftOptions({ protocol, walk }) {
  const gone = new Set(
    protocol.counter.flatMap((counter) =>
      counter.limit && counter.per ? (walk.counts.find((count) => count.id === counter.id)?.reached ?? []) : [],
    ),
  );
  for (const plan of protocol.plan) if (plan.key === protocol.group && plan.bar) gone.add(walk.values[plan.bar]);
  return optionsOf(protocol, protocol.group).filter((option) => !gone.has(option.id));
}
