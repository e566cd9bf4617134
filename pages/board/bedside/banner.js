// The place of prompts and alarms. Acting, seeing and passing are three buttons; nothing else is ever put here.

import { h } from "../controls/dom.js";

/**
 * @import { Alarm, Model } from "../rules/types.js"
 * @import { Content } from "../controls/types.js"
 * @import { Board } from "./bedside.js"
 */

const FULL = "This tablet's storage is full: taps are kept only while this page stays open.";

/**
 * @param {Model} model
 * @param {Board} screen
 * @param {Alarm[]} lit the most urgent first
 */
export function banner(model, screen, lit) {
  const { sync } = screen;
  const [first, ...others] = lit;
  const trouble = sync.problem ?? sync.unsent ?? (sync.safe ? null : FULL);
  if (trouble) return place("high", trouble, []);
  if (!first) return place("empty", null, []);
  const minutes = Math.floor((sync.now() - first.since) / 60000);
  const ago = !first.prompt && !first.ahead && minutes > 0 ? `${minutes} min ago` : "";
  const more = others.length ? ` (+${others.length} more)` : "";
  return place(
    first.priority + (first.seen ? " seen" : ""),
    first.text + more,
    screen.recorder ? actions(model, screen, first) : [],
    ago,
  );
}

/**
 * @param {Model} model
 * @param {Board} screen
 * @param {Alarm} alarm
 */
function actions(model, screen, alarm) {
  const { prompt, seen } = alarm;
  const action = prompt ? prompt.table.action : alarm.act;
  const pass = prompt?.table.pass;
  const plain = pass && !prompt.table.reasons.length; // passing it is no more than having seen it
  /** @type {(key: string, text: string, onclick: (tap: MouseEvent) => void, kind?: string) => Content} */
  const button = (key, text, onclick, kind = "") => h("button", { class: `btn ${kind}`, key, onclick }, text);
  return [
    action && button("act", model.protocol.mark[action].label, (tap) => screen.act(alarm, tap), "act"),
    pass && button("pass", pass, (tap) => screen.pass(prompt, tap)),
    !seen && !plain && button("seen", "Seen", (tap) => screen.see(alarm, tap)),
  ];
}

/**
 * What is read out is the text alone: how long ago it was and the buttons change without being read again.
 * @param {string} kind
 * @param {string | null} text
 * @param {Content[]} buttons
 * @param {string} [ago]
 */
const place = (kind, text, buttons, ago = "") =>
  h(
    "section",
    { class: `banner ${kind}`, "aria-label": "Prompts and alarms" },
    h("div", { role: "alert", key: "read" }, text && h("p", {}, text)),
    ago && h("small", { key: "ago" }, ago),
    text && h("div", { class: "actions", key: "actions" }, buttons),
  );
