// The panel for what happened earlier than it is entered: the next tap, or the last mark.

import { dayAndTime, timeOfDay } from "../model/format.js";
import { typedTime } from "../model/typed_time.js";
import { labelOf } from "../model/wording.js";
import { counts } from "../rules/log.js";
import { h } from "./dom.js";
import { choices, title } from "./panel_parts.js";

/**
 * @import { Entry, Model } from "../rules/types.js"
 * @import { Taps } from "./taps.js"
 * @import { Panel, Tap } from "./types.js"
 */

const MINUTES = [1, 2, 5]; // earlier, by one tap

/**
 * @param {Model} model
 * @param {Taps} screen
 * @param {Panel} panel
 */
export function latePanel({ protocol, entries }, screen, panel) {
  const entry = entries.find((candidate) => candidate.event.id === panel.entry && counts(candidate));
  const moved = panel.last ? entry : undefined; // the entry that is given another moment, if it is not the next tap
  const now = screen.sync.now();
  const typed = typedTime(screen.draft, now);
  /** @param {number} at */
  const use = (at) => (/** @type {Tap} */ tap) => (moved ? screen.move(moved, at, tap) : screen.setLate(at));
  const from = moved ? moved.at : now;
  return [
    title(moved ? `When was it: ${labelOf(protocol, moved)}?` : "The next tap happened…", screen),
    entry && whichEntry(protocol, screen, entry, Boolean(moved)),
    choices(
      MINUTES.map((minutes) => {
        const at = from - minutes * 60000;
        return h(
          "button",
          { class: "btn big", key: String(minutes), onclick: use(at) },
          `−${minutes} min`,
          h("small", {}, timeOfDay(at)),
        );
      }),
    ),
    h(
      "div",
      { class: "row" },
      h("input", {
        class: "text number time",
        type: "text",
        inputmode: "numeric",
        placeholder: "13:55 or 1355",
        "aria-label": "Time of day, hours and minutes",
        maxlength: "8",
        value: screen.draft,
        oninput: (event) => screen.setDraft(event.target.value),
      }),
      h(
        "button",
        { class: "btn on", disabled: typed.at === null, onclick: use(typed.at ?? now) },
        typed.today ? "At this time" : `Yesterday, ${dayAndTime(typed.at ?? now)}`,
      ),
      h(
        "p",
        { class: `beside ${screen.draft && !(typed.at && typed.today) ? "warn" : "quiet"}`, role: "status" },
        typed.text,
      ),
      screen.late && h("button", { class: "btn", onclick: () => screen.setLate(null) }, "Not late after all"),
    ),
  ];
}

/**
 * Whether the panel is about the next tap or about the last mark.
 * @param {Model["protocol"]} protocol
 * @param {Taps} screen
 * @param {Entry} entry
 * @param {boolean} last
 */
function whichEntry(protocol, screen, entry, last) {
  /** @type {(text: string, isLast: boolean) => any} */
  const button = (text, isLast) =>
    h(
      "button",
      {
        class: `btn ${last === isLast ? "on" : ""}`,
        "aria-pressed": String(last === isLast),
        onclick: () => screen.open("late", { entry: entry.event.id, last: isLast }),
      },
      text,
    );
  return h(
    "div",
    { class: "row" },
    button("For the next tap", false),
    button(`For: ${labelOf(protocol, entry)}`, true),
  );
}
