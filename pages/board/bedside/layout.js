// The board's fixed places. Every place keeps its size and position, whatever stands in it.

import { h } from "../controls/dom.js";
import { banner } from "./banner.js";
import { clocks } from "./clocks.js";
import { foot } from "./foot.js";
import { head } from "./head.js";
import { last } from "./last.js";
import { marks } from "./marks.js";
import { middle } from "./phase_card.js";
import { rail } from "./rail.js";

/**
 * @import { Model } from "../rules/types.js"
 * @import { Board } from "./bedside.js"
 */

/**
 * @param {Model} model
 * @param {Board} screen
 */
export function layout(model, screen) {
  const lit = screen.alarms.filter((alarm) => !alarm.cue);
  const drill = model.opened.drill === true;
  return h(
    "div",
    { class: `app ${drill ? "drill" : ""} ${model.over ? "over" : ""}`, key: "app", "data-ready": "true" },
    head(model, screen),
    clocks(model, screen.sync.now()),
    rail(model, screen),
    h(
      "div",
      { class: "main" },
      banner(model, screen, lit),
      h("div", { class: "middle" }, middle(model, screen), last(model, screen)),
      marks(model, screen),
    ),
    foot(model, screen),
  );
}
