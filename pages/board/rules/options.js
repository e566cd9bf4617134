// The options of a value, those that go with what else is chosen, and those that are left.

export function optionsOf(protocol, id) {
  const value = protocol.value[id];
  return value.options_of ? protocol.value[value.options_of].options : value.options;
}

export function optionLabel(protocol, id, option) {
  return optionsOf(protocol, id).find((one) => one.id === option)?.label ?? option;
}

// Whether an option goes with what else is chosen: planned, or carried by a mark.
export function goes({ protocol }, key, option, chosen) {
  const rows = protocol.fit.filter((fit) => fit.key === key && Object.hasOwn(fit.allowed, chosen[fit.with] ?? ""));
  return rows.every((fit) => fit.allowed[chosen[fit.with]].includes(option));
}

// The options that go with what else is chosen; the chosen one always.
export function fittingOptions(m, key, chosen) {
  return optionsOf(m.protocol, key).filter((one) => one.id === chosen[key] || goes(m, key, one.id, chosen));
}

// Options of the group that have not failed and are not barred.
export function leftOptions({ protocol, walk }) {
  const gone = new Set(
    protocol.counter.flatMap((counter) =>
      counter.limit && counter.per ? walk.counts.find((one) => one.id === counter.id).reached : [],
    ),
  );
  for (const plan of protocol.plan) if (plan.key === protocol.group && plan.bar) gone.add(walk.values[plan.bar]);
  return optionsOf(protocol, protocol.group).filter((option) => !gone.has(option.id));
}
