// The panels that a recorder opens, by their names.

import { shown } from "../model/wording.js";
import { leftOptions } from "../rules/options.js";
import { checkButton } from "./checks.js";
import { h } from "./dom.js";
import { debriefPanel } from "./drill.js";
import { latePanel } from "./panel_late.js";
import { entryPanel, logPanel } from "./panel_log.js";
import { morePanel, qrPanel } from "./panel_more.js";
import { choices, field, recordButton, title, written } from "./panel_parts.js";
import { timerPanel } from "./panel_timer.js";
import { valuePanel } from "./panel_value.js";

/**
 * @import { Entry, Model } from "../rules/types.js"
 * @import { Taps } from "./taps.js"
 * @import { Content, Panel, Screen } from "./types.js"
 */

/** @type {Record<string, (model: Model, screen: Screen, panel: Panel) => Content>} */
const PANELS = {
  check: (model, screen, { id }) => [
    title("Missing from this record", screen),
    h("div", { class: "checks" }, checkButton(model, screen, id ?? "")),
  ],
  choose: choosePanel,
  complication: complicationPanel,
  debrief: debriefPanel,
  detail: ({ protocol, entries }, screen, { entry: id, key }) => {
    const entry = /** @type {Entry} */ (entries.find(({ event }) => event.id === id));
    return written(screen, protocol.value[key].label, "", (text, tap) => screen.detail(entry, key, text, tap));
  },
  entry: entryPanel,
  late: latePanel,
  log: logPanel,
  more: morePanel,
  note: (_, screen) =>
    written(screen, "Note", "Write what should be in the record", (text, tap) => screen.note(text, tap)),
  operator: ({ protocol }, screen) =>
    written(
      screen,
      protocol.mark[protocol.operator_mark].label,
      "Initials or code of whoever holds the needle now",
      (text, tap) => screen.operator(text, tap),
    ),
  pass: passPanel,
  qr: qrPanel,
  recorder: (_, screen) =>
    written(screen, "Recording is on this tablet. Who records?", "Initials or code", (text, tap) =>
      screen.recordedBy(text, tap),
    ),
  replan: replanPanel,
  timer: timerPanel,
  value: valuePanel,
  words: (_, screen, { id, title: heading }) =>
    written(screen, heading, "Describe it", (text, tap) => screen.complication(id ?? "", tap, text)),
};

/**
 * What the open panel shows, null while none is.
 * @param {Model} model
 * @param {Taps} screen
 */
export function panelOf(model, screen) {
  const { panel } = screen;
  return panel && PANELS[panel.name] ? PANELS[panel.name](model, /** @type {Screen} */ (screen), panel) : null;
}

/**
 * @param {Model} model
 * @param {Taps} screen
 */
function complicationPanel({ protocol }, screen) {
  const offered = Object.entries(protocol.complication).filter(([, { follow_up_only }]) => !follow_up_only);
  return [
    title("Complication: tap what happened", screen),
    choices(
      offered.map(([id, { label, words }]) =>
        h(
          "button",
          {
            class: "btn",
            key: id,
            onclick: (tap) =>
              words ? screen.open("words", { kind: "complication", id, title: label }) : screen.complication(id, tap),
          },
          label,
        ),
      ),
    ),
    field(screen, "Words to go with it (optional)"),
  ];
}

/**
 * Where the needle goes next.
 * @param {Model} model
 * @param {Taps} screen
 * @param {Panel} panel
 */
function choosePanel(model, screen, { mark }) {
  const { protocol, opened } = model;
  const suggested = opened[`suggested_${protocol.group}`];
  return [
    title(protocol.mark[mark].label, screen),
    choices(
      leftOptions(model).map(({ id, label }) =>
        h(
          "button",
          { class: "btn big", key: id, onclick: (tap) => screen.change(mark, id, tap) },
          label,
          suggested === id && h("small", {}, opened[`suggested_${protocol.group}_why`]),
        ),
      ),
    ),
  ];
}

/**
 * Why a prompt is passed.
 * @param {Model} _
 * @param {Taps} screen
 * @param {Panel} panel
 */
function passPanel(_, screen, { prompt }) {
  const { pass, label, reasons } = prompt.table;
  return [
    title(pass.startsWith("Go on") ? "Going on: why?" : label, screen),
    choices(
      reasons.map((/** @type {string} */ reason) =>
        h("button", { class: "btn", key: reason, onclick: (tap) => screen.answer(prompt, reason, tap) }, reason),
      ),
    ),
    h(
      "div",
      { class: "row" },
      field(screen, "Another reason"),
      recordButton(screen, (text, tap) => screen.answer(prompt, text, tap)),
    ),
  ];
}

/**
 * An option was chosen while the needle is in: it is about this insertion or the next one.
 * @param {Model} model
 * @param {Taps} screen
 * @param {Panel} panel
 */
function replanPanel({ protocol }, screen, { plan, option, entry }) {
  const { key } = plan;
  const label = shown(protocol, key, option);
  return [
    title(`Needle is in at ${shown(protocol, key, entry.data[key])}`, screen),
    choices(
      [
        h(
          "button",
          { class: "btn big", key: "now", onclick: (tap) => screen.correct(entry, key, option, tap) },
          `This insertion is at ${label}`,
          h("small", {}, "corrects the record"),
        ),
        h(
          "button",
          { class: "btn big", key: "next", onclick: (tap) => screen.planNext(key, option, tap) },
          `The next one at ${label}`,
        ),
      ],
      true,
    ),
  ];
}
