// The prompts that wait for an answer, in words.

import { worded } from "./wording.js";

/** @import { Model, WaitingPrompt } from "../rules/types.js" */

export const RANK = { high: 0, medium: 1, low: 2 };

/**
 * The prompts that wait, the most urgent first.
 * @param {Model} model
 * @returns {WaitingPrompt[]}
 */
export function waitingPrompts(model) {
  return model.walk.prompts
    .filter((prompt) => prompt.open)
    .map(/** @returns {WaitingPrompt} */ (prompt) => ({ ...prompt, ...worded(model, prompt) }))
    .sort((first, second) => RANK[first.priority] - RANK[second.priority] || second.at - first.at);
}
