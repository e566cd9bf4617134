// The top of the recovery board: where one can go, how many patients, the place of alarms, and what this tablet is set to.

import { pageChip, savedChip, soundChip, themeChip } from "../controls/chips.js";
import { h } from "../controls/dom.js";
import { inWords, timeOfDay } from "../model/format.js";
import { whoQuestion } from "./who.js";

/**
 * @import { Content } from "../controls/types.js"
 * @import { Ward } from "../link/ward.js"
 * @import { Patient } from "./patient.js"
 * @import { Recovery } from "./recovery.js"
 */

// The same as on every page.
const PLACES = [
  ["Start", "/"],
  ["Recovery", "/recovery"],
  ["Follow-up", "/followup"],
  ["Curves", "/curves"],
  ["Records", "/records"],
];
const FULL = "This tablet's storage is full: taps are kept only while this page stays open.";

/**
 * @param {Recovery} screen
 * @param {Patient[]} standing
 * @param {number} now
 */
export function top(screen, standing, now) {
  const { who, ward, opened } = screen;
  const here = standing.filter(({ stand }) => stand.rank < 2).length;
  return h(
    "header",
    {},
    h(
      "div",
      { class: "top" },
      h("h1", {}, "Recovery"),
      h(
        "span",
        { class: "count" },
        `${here} ${here === 1 ? "patient" : "patients"} · ${timeOfDay(now, false)}`,
        h("small", {}, tabletState(screen)),
      ),
      who.asks && opened !== "who" && whoQuestion(who),
      h(
        "nav",
        { "aria-label": "Pages" },
        PLACES.map(([name, href]) =>
          h("a", { key: name, href, target: "_self", "aria-current": href === "/recovery" ? "page" : null }, name),
        ),
      ),
    ),
    h(
      "div",
      { class: "line" },
      band(screen, now),
      soundChip(screen.sound, screen.alarms, screen.soundTapped),
      h(
        "button",
        {
          class: `chip ${who.unsigned ? "amber" : ""}`,
          key: "who",
          "aria-expanded": String(opened === "who"),
          onclick: () => screen.toggle("who"),
        },
        who.name ? `Who: ${who.name}` : "Who?",
      ),
      themeChip(screen.theme),
      pageChip(ward.link, screen.renewal),
      savedChip(ward.link.waiting.length, ward.link),
    ),
  );
}

/** @param {Recovery} screen */
const tabletState = ({ offline, awake, ward }) =>
  [offline.message([...ward.copies.values()]), awake.maySleep && "this tablet may sleep"].filter(Boolean).join(" · ");

/**
 * The most urgent alarm with its patient. It never covers or moves a card; a tap brings the card into sight.
 * @param {Recovery} screen
 * @param {number} now
 */
function band(screen, now) {
  const trouble = troubleOf(screen.ward);
  const [first, ...others] = screen.alarms;
  if (trouble || !first) return place(trouble ? "high" : "", trouble ?? "", trouble && h("p", {}, trouble));
  const late = now - first.since;
  const ago = !first.original.prompt && !first.original.ahead && late >= 60000 ? `, ${inWords(late)} ago` : "";
  const more = others.length ? ` (+${others.length} more)` : "";
  const text = first.text.replace(/\.$/, "");
  const bring = () => screen.bring(first.patient.session);
  return place(first.priority, text + more, h("button", { onclick: bring }, text + ago + more));
}

/**
 * What is read out is the alarm alone: how long ago it was changes without being read again.
 * @param {string} kind
 * @param {string} aloud
 * @param {Content} shown
 */
const place = (kind, aloud, shown) =>
  h(
    "section",
    { class: `band ${kind}`, "aria-label": "Prompts and alarms" },
    h("span", { class: "aloud", role: "alert", key: "aloud" }, aloud),
    shown,
  );

/** @param {Ward} ward */
function troubleOf({ problem, link }) {
  return problem ?? [...link.unsent.values()].find(Boolean) ?? (link.safe ? null : FULL);
}
