// The counter at the top of a screen.

import { optionLabel } from "../rules/options.js";

/** @import { Model } from "../rules/types.js" */

/**
 * How many in all, and at the planned group how many of its limit were tried and failed.
 * @param {Model} model
 * @returns {{ label: string, total: string | number, group?: string, limit: number, failed: number, tried: number, pending: boolean }}
 */
export function headline({ protocol, walk, state }) {
  const all = protocol.counter.find((counter) => counter.runs);
  const limited = protocol.counter.find((counter) => counter.limit && counter.per);
  if (!all) return { label: "", total: "", limit: 0, failed: 0, tried: 0, pending: false };
  const group = walk.plan[protocol.group];
  /** @param {string | undefined} id */
  const countOf = (id) => walk.counts.find((count) => count.id === id);
  /** @param {string | undefined} id */
  const here = (id) => countOf(id)?.groups.find(([name]) => name === group)?.[1] ?? 0;
  return {
    label: all.label,
    total: countOf(all.id)?.total ?? 0,
    group: group && optionLabel(protocol, protocol.group, group),
    limit: limited?.limit ?? 0,
    failed: here(limited?.id),
    tried: here(all.id),
    pending: limited !== undefined && Object.hasOwn(state.open, limited.counts),
  };
}
