// The foot of the board: complication, stop, note, from anywhere.

import { h } from "../controls/dom.js";
import { timeOfDay } from "../model/format.js";
import { counts } from "../rules/log.js";

/**
 * @import { Model } from "../rules/types.js"
 * @import { Taps } from "../controls/taps.js"
 */

/**
 * @param {Model} model
 * @param {Taps} screen
 */
export function foot(model, screen) {
  const { protocol } = model;
  const disabled = !screen.recorder;
  const stops = protocol.everywhere.filter(
    (mark) =>
      protocol.mark[mark].tone === "stop" &&
      !protocol.outcome.some((outcome) => outcome.closed && outcome.marks.includes(mark)),
  );
  const at = screen.late ? `, at ${timeOfDay(screen.late.at, false)}` : "";
  return h(
    "footer",
    { class: "foot" },
    h("button", { class: "btn", disabled, onclick: () => screen.open("complication") }, "Complication"),
    stops.map((mark) =>
      h(
        "button",
        {
          class: `btn ${canStop(model) ? "stop" : "quiet"}`,
          key: mark,
          disabled,
          onclick: (tap) => screen.mark([mark], tap),
        },
        protocol.mark[mark].label + at,
      ),
    ),
    h("button", { class: "btn", disabled, onclick: () => screen.open("note") }, "Note"),
  );
}

/**
 * A wish to stop is in red as long as it can change anything: no more once a dose was given, or the end has come.
 * @param {Model} model
 */
const canStop = ({ protocol, entries, over }) =>
  over === null &&
  !entries.some((entry) => entry.event.kind === "mark" && counts(entry) && protocol.dosed.includes(entry.data.mark));
