// The log, the newest entry first, with what is to be reviewed; and what an entry could still carry.

import { timeOfDay } from "../model/format.js";
import { missingDetails } from "../model/model.js";
import { carriedText, labelOf, reviewText } from "../model/wording.js";
import { late } from "../rules/log.js";
import { detail } from "./detail.js";
import { h } from "./dom.js";
import { title } from "./panel_parts.js";

/**
 * @import { Entry, Model } from "../rules/types.js"
 * @import { Taps } from "./taps.js"
 * @import { Panel } from "./types.js"
 */

const ABOUT_OTHERS = ["detail", "undo", "amend", "ack", "review"]; // shown with the entries that they are about

/**
 * @param {Model} model
 * @param {Taps} screen
 */
export function logPanel(model, screen) {
  const refused = screen.sync.refused.map(({ event, why }) =>
    h("p", { class: "warn", key: event.id }, `Not accepted by the server, kept on this tablet: ${why}`),
  );
  const review = model.walk.review.map((item, n) => h("p", { class: "warn", key: `r${n}` }, reviewText(model, item)));
  const unsaved = new Set(screen.sync.outbox.map((event) => event.id));
  const rows = model.entries
    .filter(({ event }) => !ABOUT_OTHERS.includes(event.kind))
    .toReversed()
    .map((entry) => row(model, screen, entry, unsaved.has(entry.event.id)));
  return [title("Log", screen), refused, review, h("ol", { class: "log" }, rows)];
}

/**
 * @param {Model} model
 * @param {Taps} screen
 * @param {Entry} entry
 * @param {boolean} unsaved
 */
function row(model, screen, entry, unsaved) {
  const { protocol } = model;
  const { event, undone } = entry;
  const remarks = [
    event.by,
    late(entry) && `late, entered ${timeOfDay(event.tapped)}`,
    undone && "undone",
    entry.amended && "amended",
    entry.double_of && "counts once",
    unsaved && "not saved yet",
  ];
  const changeable = screen.recorder && event.kind !== "opened";
  const incomplete = changeable && !undone && missingDetails(model, entry).length > 0;
  return h(
    "li",
    { key: event.id, class: undone ? "undone" : "" },
    h("time", {}, timeOfDay(entry.at)),
    h("span", { class: "txt" }, h("b", {}, labelOf(protocol, entry)), " ", carriedText(protocol, entry)),
    h("small", {}, remarks.filter(Boolean).join(" · ")),
    incomplete &&
      h("button", { class: "btn add", key: "add", onclick: () => screen.open("entry", { entry: event.id }) }, "Add…"),
    changeable &&
      h(
        "button",
        {
          class: "btn",
          key: "undo",
          onclick: (tap) => (undone ? screen.restore(entry, tap) : screen.undo(entry, tap)),
        },
        undone ? "Restore" : "Undo",
      ),
  );
}

/**
 * @param {Model} model
 * @param {Taps} screen
 * @param {Panel} panel
 */
export function entryPanel(model, screen, panel) {
  const entry = /** @type {Entry} */ (model.entries.find(({ event }) => event.id === panel.entry));
  return [
    title(`${labelOf(model.protocol, entry)}, ${timeOfDay(entry.at)}`, screen),
    missingDetails(model, entry).map((key) =>
      h("div", { class: "entry", key }, detail(model, screen, entry, key, true)),
    ),
  ];
}
