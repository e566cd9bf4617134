// Who records on this tablet: goes with every entry made here. The first entry by nobody asks for it, once.

import { h } from "../controls/dom.js";
import { title } from "../controls/panel_parts.js";
import { keep, stored } from "../link/outbox.js";
import { BY } from "../link/storage_keys.js";

/**
 * @import { Tap } from "../controls/types.js"
 * @import { Patient } from "./patient.js"
 */

export class Who {
  /** @type {string} */
  name = stored(BY, "");
  draft = "";
  /** @type {Set<Patient> | null} */
  unsigned = null; // patients for whom nobody entered something here
  asks = false; // whether the question for the name is in sight

  /**
   * @param {() => void} onChange
   * @param {(signed: Iterable<Patient>, tap: Tap) => void} onGiven who had entered without a name until now
   */
  constructor(onChange, onGiven) {
    this.onChange = onChange;
    this.onGiven = onGiven;
  }

  /** @param {Patient} patient */
  entered(patient) {
    if (this.name) return;
    if (!this.unsigned) [this.unsigned, this.asks, this.draft] = [new Set(), true, ""];
    this.unsigned.add(patient);
  }

  later = () => {
    this.asks = false;
    this.onChange();
  };

  /** @param {string} text */
  write(text) {
    this.draft = text;
    this.onChange();
  }

  /** @param {Tap} tap */
  record = (tap) => {
    this.name = this.draft.trim();
    keep(BY, this.name);
    const signed = this.name ? (this.unsigned ?? []) : [];
    if (this.name) this.unsigned = null;
    this.asks = false;
    this.onGiven(signed, tap);
  };
}

/**
 * The question after an entry by nobody: over the ways to other pages, so that it moves and covers nothing else.
 * @param {Who} who
 */
export function whoQuestion(who) {
  return h(
    "div",
    { class: "wonder", key: "wonder", role: "group", "aria-label": "Who records on this tablet?" },
    h("b", {}, "Who records on this tablet?"),
    nameField(who),
    h("button", { class: "btn on", disabled: !who.draft.trim(), onclick: who.record }, "Record"),
    h("button", { class: "btn", onclick: who.later }, "Later"),
  );
}

/**
 * @param {Who} who
 * @param {() => void} close
 */
export function whoSheet(who, close) {
  return h(
    "section",
    { class: "sheet", key: "sheet who", "aria-label": "Panel" },
    title("Who records on this tablet?", { close }),
    h("div", { class: "row" }, nameField(who), h("button", { class: "btn on", onclick: who.record }, "Record")),
    h("p", { class: "quiet" }, "They go with every entry made here, until they are changed."),
  );
}

/** @param {Who} who */
function nameField(who) {
  return h("input", {
    class: "text",
    type: "text",
    maxlength: "24",
    placeholder: "Initials or code",
    "aria-label": "Initials or code",
    value: who.draft,
    oninput: (event) => who.write(event.target.value),
    onkeydown: (key) => key.key === "Enter" && who.record(key),
  });
}
