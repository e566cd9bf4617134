// The chips at the top of a screen that records: sound, light or dark, and whether everything is saved.

import { signInAddress } from "../link/call.js";
import { rings } from "../tablet/sound.js";
import { dark } from "../tablet/theme.js";
import { h } from "./dom.js";

/**
 * @import { Alarm } from "../rules/types.js"
 * @import { Link } from "../link/link.js"
 * @import { Renewal } from "../tablet/renewal.js"
 * @import { Sound } from "../tablet/sound.js"
 */

/**
 * Silence is for the sound of this tablet: the light stays, and so does what has to be done.
 * @param {Sound} sound
 * @param {Alarm[]} alarms
 * @param {(tap: MouseEvent) => void} onclick
 */
export function soundChip(sound, alarms, onclick) {
  const ringing = rings(alarms);
  const text = !sound.on
    ? [h("span", { class: "wide" }, "Sound is off: tap"), h("span", { class: "narrow" }, "Sound off")]
    : sound.silent
      ? "Silenced"
      : ringing
        ? "Silence"
        : "Sound on";
  const tone = sound.on && (!ringing || sound.silent) ? "wide" : "amber";
  return h("button", { class: `chip sound ${tone}`, key: "sound", onclick }, text);
}

/** @param {(name: "light" | "dark") => void} choose */
export function themeChip(choose) {
  const now = dark();
  return h(
    "button",
    { class: "chip wide spare", onclick: () => choose(now ? "light" : "dark"), key: "theme" },
    now ? "Light" : "Dark",
  );
}

/**
 * "Saved" only when nothing waits; the reason it waits is said beside it. A server whose disk is nearly full still saves.
 * @param {number} waiting
 * @param {Pick<Link, "online" | "signedOut" | "lowOnSpace">} link
 */
export function savedChip(waiting, { online, signedOut, lowOnSpace }) {
  const saved = lowOnSpace ? [h("span", { class: "wide" }, "Saved · "), "Server’s disk is nearly full"] : "Saved";
  const away = signedOut ? "Signed out" : "No connection";
  const text = waiting ? `${waiting} not saved yet` : online ? saved : away;
  return h(
    "span",
    { class: `chip ${waiting || !online || lowOnSpace ? "amber" : "go"}`, role: "status", key: "saved" },
    h("i", { class: "dot" }),
    text,
  );
}

/**
 * What this page asks of whoever holds the tablet before it can go on as it should: a sign-in to the proxy that has run
 * out (what was tapped waits), or to be loaded again as the server has another program.
 * @param {Link} link
 * @param {Renewal} renewal
 */
export const pageChip = ({ signedOut, outdated }, renewal) =>
  signedOut
    ? h("a", { class: "chip amber", key: "page", href: signInAddress() }, "Sign in again")
    : outdated &&
      h(
        "button",
        { class: "chip amber", key: "page", onclick: renewal.take },
        "New version",
        h("span", { class: "wide" }, ": tap to load it"),
      );
