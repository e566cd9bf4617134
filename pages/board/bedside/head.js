// The head of the board: patient, who operates and records, flags, and the chips.

import { pageChip, savedChip, soundChip, themeChip } from "../controls/chips.js";
import { h } from "../controls/dom.js";
import { tabletState } from "../controls/tablet_state.js";
import { flags } from "../model/model.js";

/**
 * @import { Model } from "../rules/types.js"
 * @import { Board } from "./bedside.js"
 */

/**
 * @param {Model} model
 * @param {Board} screen
 */
export function head(model, screen) {
  const { opened, walk } = model;
  const { sync } = screen;
  const people = [opened.dose && `dose ${opened.dose}`, walk.operator, walk.recorded_by && `rec. ${walk.recorded_by}`]
    .filter(Boolean)
    .join(" · ");
  const watchers = sync.present - 1;
  return h(
    "header",
    { class: "head" },
    h(
      "a",
      { class: "chip home", href: "/", "aria-label": "Back to Start" },
      "‹",
      h("span", { class: "wide" }, " Start"),
    ),
    h("h1", {}, opened.patient ?? "…"),
    h("span", { class: "who" }, h("span", {}, people), h("small", {}, tabletState(screen))),
    flags(model).map((flag) => h("strong", { class: "flag", key: flag.id }, flag.label)),
    h("span", { class: "gap", key: "gap" }),
    watchers > 0 && h("span", { class: "chip wide", key: "present" }, `${watchers} watching`),
    soundChip(screen.sound, screen.alarms, screen.soundTapped),
    themeChip(screen.theme),
    h("button", { class: "chip wide spare", onclick: () => screen.open("qr"), key: "qr" }, "QR"),
    logChip(walk.review.length + sync.refused.length, () => screen.open("log")),
    h("button", { class: "chip", onclick: () => screen.open("more"), key: "more" }, "More…"),
    pageChip(sync.link, screen.renewal),
    savedChip(sync.outbox.length, sync.link),
  );
}

/**
 * @param {number} toReview
 * @param {() => void} onclick
 */
const logChip = (toReview, onclick) =>
  h(
    "button",
    { class: `chip ${toReview ? "amber" : ""}`, onclick, key: "log" },
    toReview
      ? [h("span", { class: "wide" }, `${toReview} to review`), h("span", { class: "narrow" }, `Log ${toReview}`)]
      : "Log",
  );
