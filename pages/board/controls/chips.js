// The chips at the top of a screen that records: sound, light or dark, and whether everything is saved.

import { rings } from "../tablet/sound.js";
import { dark } from "../tablet/theme.js";
import { h } from "./dom.js";

// Silence is for the sound of this tablet: the light stays, and so does what has to be done.
export function soundChip(sound, alarms, tapped) {
  const ringing = rings(alarms);
  const text = !sound.on
    ? [h("span", { class: "wide" }, "Sound is off: tap"), h("span", { class: "narrow" }, "Sound off")]
    : sound.silent
      ? "Silenced"
      : ringing
        ? "Silence"
        : "Sound on";
  return h(
    "button",
    {
      class: `chip sound ${sound.on ? (ringing && !sound.silent ? "amber" : "wide") : "amber"}`,
      key: "sound",
      onclick: tapped,
    },
    text,
  );
}

export function themeChip(wear) {
  return h(
    "button",
    { class: "chip wide spare", onclick: () => wear(dark() ? "light" : "dark"), key: "theme" },
    dark() ? "Light" : "Dark",
  );
}

// "Saved" only when nothing waits; the reason it waits is said beside it. A server whose disk is nearly full still saves.
export function savedChip(waiting, online, lowOnSpace) {
  const saved = lowOnSpace ? [h("span", { class: "wide" }, "Saved · "), "Server’s disk is nearly full"] : "Saved";
  const text = waiting ? `${waiting} not saved yet` : online ? saved : "No connection";
  return h(
    "span",
    { class: `chip ${waiting || !online || lowOnSpace ? "amber" : "go"}`, role: "status", key: "saved" },
    h("i", { class: "dot" }),
    text,
  );
}
