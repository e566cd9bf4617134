// Values, entries, prompts and items to review as sentences in the protocol's words.

import { leftOptions, optionLabel, optionsOf } from "../rules/options.js";
import { has } from "../rules/lookup.js";
import { dayAndTime, duration, fill, timeOfDay } from "./format.js";

// A value in words: "12 mm", "L3–L4", "Yes".
export function shown(protocol, id, found) {
  const value = protocol.value[id];
  if (!value || found == null) return String(found ?? "");
  if (value.type === "option") return optionLabel(protocol, id, found);
  if (value.type === "yesno") return found ? "Yes" : "No";
  if (value.type === "moment") return dayAndTime(found);
  return value.unit ? `${found} ${value.unit}` : String(found);
}

export function labelOf(protocol, line) {
  const { kind } = line.event;
  const named = line.data[kind];
  if (has(protocol[kind] ?? {}, named)) return protocol[kind][named].label;
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
    }[kind] ?? String(line.data[kind])
  );
}

// What an entry carries, in words.
export function carriedText(protocol, line) {
  const { data, event } = line;
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

export function worded(m, prompt) {
  const { protocol } = m;
  const table = protocol.prompt[prompt.kind];
  const left = leftOptions(m);
  const window = protocol.window.find((one) => one.prompt === prompt.kind);
  const words = {
    group: optionLabel(protocol, protocol.group, prompt.group ?? ""),
    count: prompt.count,
    left: left.map((option) => option.label).join(", ") || "none left",
    bound: window ? duration(window.below_s ?? window.above_s) : boundOf(protocol, prompt),
  };
  const key = `suggested_${protocol.group}`;
  const favoured = left.find((option) => option.id === m.opened[key]);
  const more =
    favoured && table.suggested
      ? " " + fill(table.suggested, { suggested: favoured.label, why: m.opened[`${key}_why`] ?? "" })
      : "";
  return { table, priority: table.priority, text: fill(table.text, words) + more, say: fill(table.say ?? "", words) };
}

export function boundOf(protocol, prompt) {
  const total = protocol.total.find((one) => one.ceiling.some((ceiling) => ceiling.prompt === prompt.kind));
  return total ? `${Math.round(prompt.bound * 10) / 10} ${total.unit}` : String(prompt.bound ?? "");
}

export function reviewText({ protocol, entries: lines }, item) {
  const line = lines.find((one) => one.event.id === item.event);
  const value = protocol.value[item.key];
  const expectation = protocol.expect.find((one) => one.id === item.key);
  const evidence = item.kind === "missing_evidence" || item.kind === "too_late" ? expectation : null;
  const fit = item.kind === "does_not_fit" ? protocol.fit.find((one) => one.key === item.key) : null;
  const why = evidence?.why ?? fit?.why ?? protocol.mark[line.data.mark]?.why ?? "";
  return fill(protocol.review[item.kind], {
    why,
    other: fit && protocol.value[fit.with].label,
    what: labelOf(protocol, line),
    t: timeOfDay(item.at),
    state: protocol.state[item.state]?.label,
    key: evidence?.label ?? value?.label ?? item.key,
    found: item.found,
    expected: value && expected(protocol, item.key),
  });
}

export function expected(protocol, key) {
  const value = protocol.value[key];
  if (value.type === "option")
    return `one of ${optionsOf(protocol, key)
      .map((option) => option.label)
      .join(", ")}`;
  if (value.type === "number") return `${value.min} to ${value.max} ${value.unit}`;
  return value.type === "yesno" ? "yes or no" : "text";
}
