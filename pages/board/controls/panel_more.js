// The panels behind "More…": marks that are rare or were forgotten, and what is set for this tablet alone.

import { openMarks } from "../model/model.js";
import { dark } from "../tablet/theme.js";
import { tapOrHold } from "./buttons.js";
import { h } from "./dom.js";
import { choices, title } from "./panel_parts.js";
import { tabletState } from "./tablet_state.js";

/**
 * @import { Model } from "../rules/types.js"
 * @import { Screen } from "./types.js"
 */

/**
 * @param {Model} model
 * @param {Screen} screen
 */
export function morePanel(model, screen) {
  const { protocol } = model;
  const { near, rare } = openMarks(model);
  const offered = new Set([...near, ...rare].map(({ id }) => id).concat(protocol.everywhere));
  /** @param {string} id */
  const button = (id) =>
    h(
      "button",
      {
        class: `btn ${protocol.mark[id].tone}`,
        key: id,
        ...(id === protocol.operator_mark
          ? { onclick: () => screen.open("operator") }
          : tapOrHold(model, screen, [id])),
      },
      protocol.mark[id].label,
    );
  const head = [title("More", screen), settings(screen)];
  if (!screen.recorder) return [head, h("p", { class: "quiet" }, "Only the recording tablet can enter marks.")];
  return [
    head,
    h("h3", {}, "Marks"),
    choices([
      h("button", { class: "btn", key: "timer", onclick: () => screen.open("timer") }, "Set a timer"),
      ...rare.map(({ id }) => button(id)),
      ...protocol.everywhere.map(button),
    ]),
    h("h3", {}, "Forgotten marks"),
    h("p", { class: "quiet" }, "Not expected now: kept, and listed to review unless entered late at the right time."),
    choices(
      Object.keys(protocol.mark)
        .filter((id) => !offered.has(id))
        .map(button),
    ),
  ];
}

/** @param {Screen} screen */
function settings(screen) {
  const { sound, pedal } = screen;
  /** @type {(text: string, change: () => void, on?: boolean) => any} */
  const button = (text, change, on) =>
    h(
      "button",
      {
        class: `btn ${on ? "on" : ""}`,
        key: text,
        "aria-pressed": on === undefined ? null : String(on),
        onclick: () => screen.setting(change),
      },
      text,
    );
  return [
    h("p", { class: "quiet" }, tabletState(screen)),
    choices([
      button(dark() ? "Light screen" : "Dark room", () => screen.theme(dark() ? "light" : "dark")),
      button(sound.on ? "Sound on" : "Sound off", () => sound.toggle(), sound.on),
      button("Try the sound", () => sound.try()),
      button(sound.speech ? "Speech on" : "Speech off", () => sound.toggleSpeech(), sound.speech),
      button(pedal.on ? "Pedal on" : "Pedal off", () => pedal.toggle(), pedal.on),
      h("button", { class: "btn", key: "qr", onclick: () => screen.open("qr") }, "QR for a second tablet"),
      h(
        "a",
        { class: "btn", key: "room", href: `/room?s=${screen.sync.session}`, target: "_blank", rel: "noopener" },
        "Room view",
      ),
    ]),
  ];
}

/**
 * @param {Model} _
 * @param {Screen} screen
 */
export function qrPanel(_, screen) {
  const url = `${location.origin}/bedside?s=${screen.sync.session}`;
  return [
    title("Open this procedure on another device", screen),
    h(
      "div",
      { class: "qr" },
      h("img", {
        src: `/api/qr?url=${encodeURIComponent(url)}`,
        alt: `QR picture of ${url}`,
        width: "200",
        height: "200",
      }),
      h("p", { class: "quiet" }, "It watches; recording is taken over there with one tap."),
      h("p", { class: "quiet addr" }, url),
    ),
  ];
}
