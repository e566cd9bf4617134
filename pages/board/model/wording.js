// Values, entries, prompts and items to review as sentences in the protocol's words.

/** @import { Protocol } from "../rules/tables.js" */
/** @import { Entry, Item, Model, Raised } from "../rules/types.js" */

import { leftOptions, optionLabel, optionsOf } from "../rules/options.js";
import { has } from "../rules/lookup.js";
import { dayAndTime, duration, fill, timeOfDay } from "./format.js";

// A value in words: "12 mm", "L3–L4", "Yes".
/** @type {(protocol: Protocol, id: string, content: any) => string} */
export function shown(protocol, id, content) {
  const value = protocol.value[id];
  if (!value || content == null) return String(content ?? "");
  if (value.type === "option") return optionLabel(protocol, id, content);
  if (value.type === "yesno") return content ? "Yes" : "No";
  if (value.type === "moment") return dayAndTime(content);
  return value.unit ? `${content} ${value.unit}` : String(content);
}

/** @type {(protocol: Protocol, entry: Entry) => string} */
export function labelOf(protocol, entry) {
  const { kind } = entry.event;
  const id = entry.data[kind];
  const tables = /** @type {Record<string, any>} */ (protocol)[kind] ?? {};
  if (has(tables, id)) return tables[id].label;
  return (
    {
      opened: "Opened",
      note: "Note",
      undo: "Undo",
      answer: "Answer",
      detail: "Detail",
      amend: "Amendment",
      review: "Review",
      takeover: "Recording taken over",
    }[kind] ?? String(entry.data[kind])
  );
}

// What an entry carries, in words.
/** @type {(protocol: Protocol, entry: Entry) => string} */
export function carriedText(protocol, entry) {
  const { data, event } = entry;
  if (event.kind === "value") return shown(protocol, data.value, data.is);
  if (event.kind === "answer") return [protocol.prompt[data.prompt]?.label, data.reason].filter(Boolean).join(": ");
  const carried = Object.keys(data).filter((key) => Object.hasOwn(protocol.value, key) && event.kind !== "opened");
  const parts = carried.map((key) =>
    key === protocol.group || protocol.value[key].type === "option"
      ? shown(protocol, key, data[key])
      : `${protocol.value[key].label} ${shown(protocol, key, data[key])}`,
  );
  if (data.text) parts.push(data.text);
  return parts.join(" · ");
}

/** @param {Model} model @param {Raised} prompt */
export function worded(model, prompt) {
  const { protocol } = model;
  const table = protocol.prompt[prompt.kind];
  const left = leftOptions(model);
  const window = protocol.window.find((each) => each.prompt === prompt.kind);
  const words = {
    group: optionLabel(protocol, protocol.group, prompt.group ?? ""),
    count: prompt.count,
    left: left.map((option) => option.label).join(", ") || "none left",
    bound: window ? duration(window.below_s ?? window.above_s ?? 0) : boundOf(protocol, prompt),
  };
  const key = `suggested_${protocol.group}`;
  const favoured = left.find((option) => option.id === model.opened[key]);
  const more =
    favoured && table.suggested
      ? " " + fill(table.suggested, { suggested: favoured.label, why: model.opened[`${key}_why`] ?? "" })
      : "";
  return { table, priority: table.priority, text: fill(table.text, words) + more, say: fill(table.say ?? "", words) };
}

/** @type {(protocol: Protocol, prompt: Raised) => string} */
export function boundOf(protocol, prompt) {
  const total = protocol.total.find((sum) => sum.ceiling.some((ceiling) => ceiling.prompt === prompt.kind));
  return total && prompt.bound !== null
    ? `${Math.round(prompt.bound * 10) / 10} ${total.unit}`
    : String(prompt.bound ?? "");
}

/** @type {(model: Pick<Model, "protocol" | "entries">, item: Item) => string} */
export function reviewText({ protocol, entries }, item) {
  const entry = /** @type {Entry} */ (entries.find(({ event }) => event.id === item.event));
  const value = protocol.value[item.key ?? ""];
  const expectation = protocol.expect.find(({ id }) => id === item.key);
  const evidence = item.kind === "missing_evidence" || item.kind === "too_late" ? expectation : null;
  const fit = item.kind === "does_not_fit" ? protocol.fit.find(({ key }) => key === item.key) : null;
  const why = evidence?.why ?? fit?.why ?? protocol.mark[entry.data.mark]?.why ?? "";
  return fill(protocol.review[item.kind], {
    why,
    other: fit && protocol.value[fit.with].label,
    what: labelOf(protocol, entry),
    t: timeOfDay(item.at),
    state: protocol.state[item.state ?? ""]?.label,
    key: evidence?.label ?? value?.label ?? item.key,
    found: item.found,
    expected: value && expected(protocol, item.key ?? ""),
  });
}

/** @type {(protocol: Protocol, key: string) => string} */
export function expected(protocol, key) {
  const value = protocol.value[key];
  if (value.type === "option")
    return `one of ${optionsOf(protocol, key)
      .map((option) => option.label)
      .join(", ")}`;
  if (value.type === "number") return `${value.min} to ${value.max} ${value.unit}`;
  return value.type === "yesno" ? "yes or no" : "text";
}
