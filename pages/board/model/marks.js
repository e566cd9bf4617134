// The marks that are open in the present state, as the buttons that write them.

import { has } from "../rules/lookup.js";

/**
 * @import { Protocol, State } from "../rules/tables.js"
 * @import { Model, OpenMark } from "../rules/types.js"
 */

/**
 * Whether a mark is seldom made in a state.
 * @param {Protocol} protocol
 * @param {State} state
 * @param {string} mark
 */
export const isRare = (protocol, state, mark) => protocol.mark[mark].rare || state.rare.includes(mark);

/**
 * The buttons of this state: an action for several marks stands before the first of them, rare marks apart. Once an
 * outcome stands for which the state names the near ones, these alone are near, in that order.
 * @param {Model} model
 * @returns {{ near: OpenMark[], rare: OpenMark[] }}
 */
export function openMarks({ protocol, walk, state }) {
  const near = state.near ?? {}; // tables that a tablet stored some versions ago lack it
  const chosen = has(near, walk.outcome) ? near[walk.outcome] : undefined;
  const open = [...new Set([...(chosen ?? []), ...Object.keys(state.open)])];
  const actions = protocol.action
    .filter(({ marks: [first, second] }) => open.includes(first) && leadsTo(protocol, state.open[first], second))
    .map((action) => ({ ...action, hint: "", tone: /** @type {const} */ (""), rare: false }));
  const single = open.map((mark) => ({
    id: mark,
    marks: [mark],
    ...protocol.mark[mark],
    rare: chosen ? !chosen.includes(mark) : isRare(protocol, state, mark),
  }));
  const buttons = [...actions, ...single];
  return { near: buttons.filter(({ rare }) => !rare), rare: buttons.filter(({ rare }) => rare) };
}

/**
 * @param {Protocol} protocol
 * @param {string} state
 * @param {string} mark
 */
const leadsTo = (protocol, state, mark) => Object.hasOwn(protocol.state[state].open, mark);

/**
 * The mark that comes next, if it ends the procedure.
 * @param {Model} model
 */
export function endingMark(model) {
  const mark = openMarks(model).near[0]?.marks.at(-1);
  if (mark === undefined || model.state.final) return null;
  return model.protocol.state[model.state.open[mark]]?.final ? mark : null;
}

/**
 * Whether the mark that comes next ends the procedure.
 * @param {Model} model
 */
export const endsNext = (model) => endingMark(model) !== null;
