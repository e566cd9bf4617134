// What belongs to each phase: checks, values, plan rows, and whether it took place.

import { stepsOf } from "../rules/steps.js";
import { isRare } from "./marks.js";

/**
 * @import { Plan, Protocol } from "../rules/tables.js"
 * @import { Model, PlanRow } from "../rules/types.js"
 */

/**
 * @param {Protocol} protocol
 * @param {string} phase
 */
export function checksOf(protocol, phase) {
  return Object.keys(protocol.check).filter((id) => protocol.check[id].phase === phase);
}

/**
 * @param {Protocol} protocol
 * @param {string} phase
 */
export function valuesOf(protocol, phase) {
  const planned = new Set(protocol.plan.map((plan) => plan.key));
  return Object.keys(protocol.value).filter((id) => protocol.value[id].phase === phase && !planned.has(id));
}

/**
 * Choices that mark the whole record.
 * @param {Model} model
 */
export function flags({ protocol, walk }) {
  return protocol.flag.filter((flag) => walk.values[flag.value] === flag.is);
}

/**
 * Plan rows are shown in the phase where the value is asked and where the mark that they go with leads.
 * @param {Model} model
 * @param {string} phase
 * @returns {PlanRow[]}
 */
export function planRows({ protocol, walk }, phase) {
  /** @param {Plan} plan */
  const after = (plan) =>
    Object.values(protocol.state).flatMap((state) =>
      Object.hasOwn(state.open, plan.on) ? protocol.state[state.open[plan.on]].phases : [],
    );
  /** @param {Plan} plan */
  const here = (plan) => protocol.value[plan.key].phase === phase || after(plan).includes(phase);
  return protocol.plan.filter(here).map((plan) => ({ ...plan, chosen: walk.plan[plan.key] }));
}

/**
 * Whether a phase that is past took place: all is ticked, or, where nothing is to tick, a mark was made in it or led
 * there. A seldom one that only leads past a phase, such as giving up, says nothing of it, nor does a state of several
 * phases.
 * @param {Model} model
 * @param {string} phase
 */
export function tookPlace({ protocol, entries, walk }, phase) {
  const checks = checksOf(protocol, phase);
  if (checks.length) return checks.every((check) => Object.hasOwn(walk.checks, check));
  /** @param {string} state */
  const within = (state) => protocol.state[state].phases.every((id) => id === phase);
  const steps = stepsOf(protocol, entries).filter(({ turn }) => turn === "open" || turn === "astray");
  return steps.some(
    ({ mark, before, after }) => !isRare(protocol, protocol.state[before], mark) && (within(before) || within(after)),
  );
}
