// Values and prompts in the protocol's words.
//
// Twin of core/engine/words.py.

import { has } from "../rules/lookup.js";
import { leftOptions, optionLabel, until } from "../rules/options.js";
import { duration, fill, moment, number, plainly } from "./format.js";

export { expected, labelOf, reviewText } from "./sentences.js";

/**
 * @import { Prompt, Protocol } from "../rules/tables.js"
 * @import { Entry, Model, Raised } from "../rules/types.js"
 */

/**
 * A value in words: "12 mm", "L3–L4", "yes"; what is of another type than the protocol declares stands as it is.
 * @param {Protocol} protocol
 * @param {string} key
 * @param {any} content
 */
export function shown(protocol, key, content) {
  if (content === null || content === undefined) return "taken back";
  const value = has(protocol.value, key) ? protocol.value[key] : null;
  if (value?.type === "option" && typeof content === "string") return optionLabel(protocol, key, content);
  if (value === null || typeof content !== "number") return plainly(content);
  return value.type === "moment" ? moment(content) : `${number(content)} ${value.unit}`.trim();
}

/**
 * Everything that an entry carries, in the order of the protocol.
 * @param {Protocol} protocol
 * @param {Entry["data"]} data
 */
export function carried(protocol, data) {
  const keys = Object.keys(protocol.value).filter((key) => Object.hasOwn(data, key) && (data[key] ?? "") !== "");
  return keys.map((key) => ({ key, label: protocol.value[key].label, value: shown(protocol, key, data[key]) }));
}

/**
 * What an entry carries in one line: "L3–L4 · Depth 62 mm". An option says by itself what it is.
 * @param {Protocol} protocol
 * @param {Entry} entry
 */
export function carriedText(protocol, { event, data }) {
  if (event.kind === "value") return shown(protocol, data.value, data.is);
  if (event.kind === "answer") {
    const prompt = has(protocol.prompt, data.prompt) ? protocol.prompt[data.prompt].label : "";
    return [prompt, plainly(data.reason)].filter(Boolean).join(": ");
  }
  if (event.kind === "opened") return plainly(data.text);
  const values = carried(protocol, data).map(({ key, label, value }) =>
    protocol.value[key].type === "option" ? value : `${label} ${value}`,
  );
  return [...values, plainly(data.text)].filter(Boolean).join(" · ");
}

/**
 * A prompt in words. The options left are those of the moment when it was raised: not failed as often as they may, and
 * not barred by then.
 * @param {Model} model
 * @param {Raised} prompt
 */
export function worded({ protocol, entries, opened }, prompt) {
  const table = protocol.prompt[prompt.kind];
  const counter = protocol.counter.find((each) => [each.prompt, each.groups_prompt].includes(prompt.kind));
  const cautioned = protocol.caution.find((each) => each.prompt === prompt.kind);
  const key = cautioned?.value ?? counter?.per ?? protocol.group;
  const left = leftOptions({ protocol, entries: until(entries, prompt.event) }, key);
  const words = {
    group: optionLabel(protocol, key, prompt.group ?? ""),
    count: plainly(prompt.count),
    left: left.map(({ label }) => label).join(", ") || "none left",
    bound: boundOf(protocol, prompt),
  };
  const favoured = left.find(({ id }) => id === opened[`suggested_${protocol.group}`]);
  const why = plainly(opened[`suggested_${protocol.group}_why`]);
  const more = favoured && table.suggested ? ` ${fill(table.suggested, { suggested: favoured.label, why })}` : "";
  return { table, priority: table.priority, text: fill(table.text, words) + more, say: fill(table.say, words) };
}

/**
 * The bound that was passed: of a window a duration, of a total an amount.
 * @param {Protocol} protocol
 * @param {Raised} prompt
 */
function boundOf(protocol, { kind, bound }) {
  if (bound === null) return "";
  const windows = protocol.window.filter((window) => window.prompt === kind);
  if (windows.some(({ below_s, above_s }) => bound === below_s || bound === above_s)) return duration(bound);
  const cautioned = protocol.caution.find((each) => each.prompt === kind);
  if (cautioned) return `${number(bound)} ${protocol.value[cautioned.value].unit}`.trim();
  const total = protocol.total.find(({ ceiling }) => ceiling.some(({ prompt }) => prompt === kind));
  return `${number(bound)} ${total?.unit ?? ""}`.trim();
}
