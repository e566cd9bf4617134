// What a card asks until it is answered, on any tablet: a prompt's reason, or what a mark of the ward still needs.

import { h } from "../controls/dom.js";
import { missingDetails } from "../model/model.js";
import { wardMarks, wardPrompts } from "../model/timers.js";
import { counts } from "../rules/log.js";
import { optionsOf } from "../rules/options.js";

/** The questions that wait, the most urgent first: {id, text, chips: [{label, tapped}], write(text, tap) | null}. */
export function asksOf(p) {
  return [...prompts(p), ...details(p)];
}

function prompts(p) {
  const { m } = p;
  return wardPrompts(m).map((prompt) => {
    const { reasons, pass } = prompt.table;
    const chips = reasons.length
      ? reasons.map((reason) => ({ label: reason, tapped: (tap) => p.answer(prompt, reason, tap) }))
      : [{ label: pass, tapped: (tap) => p.answer(prompt, "", tap) }];
    return {
      id: `${prompt.kind} ${prompt.event}`,
      text: prompt.text,
      chips,
      write: reasons.length ? (text, tap) => p.answer(prompt, text, tap) : null,
    };
  });
}

function details(p) {
  const { protocol, entries } = p.m;
  const marks = new Set([...wardMarks(protocol), ...protocol.everywhere]);
  return entries
    .filter((line) => line.event.kind === "mark" && counts(line) && marks.has(line.data.mark))
    .flatMap((line) => {
      const needed = missingDetails(p.m, line).filter((key) => protocol.mark[line.data.mark].needs.includes(key));
      return needed.map((key) => ({
        ...editor(p, key, (found, tap) => p.detail(line, key, found, tap)),
        id: `${line.event.id} ${key}`,
        text: `${protocol.value[key].label}?`,
      }));
    });
}

/** How a value is given by one tap or in words: {chips, write}. */
export function editor(p, key, save) {
  const { protocol } = p.m;
  const value = protocol.value[key];
  const chip = (label, content) => ({ label, content, tapped: (tap) => save(content, tap) });
  if (value.type === "option")
    return { chips: optionsOf(protocol, key).map((one) => chip(one.short || one.label, one.id)), write: null };
  if (value.type === "yesno") return { chips: [chip("Yes", true), chip("No", false)], write: null };
  if (value.type === "moment")
    return { chips: [{ label: "Now", tapped: (tap) => save(p.sync.now(), tap) }], write: null };
  if (value.type === "number")
    return {
      chips: [],
      write: (text, tap) => Number.isFinite(+text.replace(",", ".")) && save(+text.replace(",", "."), tap),
    };
  return { chips: p.name ? [chip(p.name, p.name)] : [], write: save };
}

export function askRow(p, ask) {
  return h(
    "div",
    { class: "ask", key: `ask ${ask.id}`, role: "group", "aria-label": ask.text },
    h("p", {}, ask.text),
    controls(p, ask),
  );
}

/** Chips and field of a question; `label`: what the field is for. */
export function controls(p, { id, chips, write }, label = chips.length ? "Other" : "Initials or words") {
  const text = p.words.get(id) ?? "";
  const record = (tap) => text.trim() && write(text.trim(), tap);
  return [
    chips.map((one) =>
      h(
        "button",
        {
          class: `btn ${one.on ? "on" : ""}`,
          key: one.label,
          "aria-pressed": one.on === undefined ? null : String(one.on),
          onclick: one.tapped,
        },
        one.label,
      ),
    ),
    write &&
      h(
        "span",
        { class: "written", key: "written" },
        h("input", {
          class: "text",
          type: "text",
          maxlength: "200",
          placeholder: label,
          "aria-label": label,
          value: text,
          oninput: (event) => p.word(id, event.target.value),
          onkeydown: (key) => key.key === "Enter" && record(key),
        }),
        h("button", { class: "btn on", disabled: !text.trim(), onclick: record }, "Record"),
      ),
  ];
}
