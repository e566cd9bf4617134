// The top of the recovery board: where one can go, how many patients, the place of alarms, and what this tablet is set to.

import { savedChip, soundChip, themeChip } from "../controls/chips.js";
import { h } from "../controls/dom.js";
import { inWords, timeOfDay } from "../model/format.js";

// The same as on every page: pages/parts/top.py.
const PLACES = [
  ["Start", "/"],
  ["Recovery", "/recovery"],
  ["Follow-up", "/followup"],
  ["Curves", "/curves"],
  ["Records", "/records"],
];

export function top(page, standing, now) {
  const { link } = page.ward;
  const here = standing.filter((p) => p.stand.rank < 2).length;
  const says = [page.offline.message([...page.ward.copies.values()]), page.awake.maySleep && "this tablet may sleep"]
    .filter(Boolean)
    .join(" · ");
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
        h("small", {}, says),
      ),
      page.wonders && page.opened !== "who" && wonder(page),
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
      band(page, now),
      soundChip(page.sound, page.alarms, page.soundTapped),
      h(
        "button",
        {
          class: `chip ${page.nameless ? "amber" : ""}`,
          key: "who",
          "aria-expanded": String(page.opened === "who"),
          onclick: () => page.toggle("who"),
        },
        page.by ? `Who: ${page.by}` : "Who?",
      ),
      themeChip(page.theme),
      savedChip(link.waiting.length, link.online, link.lowOnSpace),
    ),
  );
}

// Asks who records after an entry by nobody: over the ways to other pages, so that it moves and covers nothing else.
function wonder(page) {
  return h(
    "div",
    { class: "wonder", key: "wonder", role: "group", "aria-label": "Who records on this tablet?" },
    h("b", {}, "Who records on this tablet?"),
    nameField(page),
    h("button", { class: "btn on", disabled: !page.draft.trim(), onclick: page.name }, "Record"),
    h("button", { class: "btn", onclick: page.later }, "Later"),
  );
}

/** The initials of whoever records on this tablet. */
export function nameField(page) {
  return h("input", {
    class: "text",
    type: "text",
    maxlength: "24",
    placeholder: "Initials or code",
    "aria-label": "Initials or code",
    value: page.draft,
    oninput: (event) => page.setDraft(event.target.value),
    onkeydown: (key) => key.key === "Enter" && page.name(key),
  });
}

// The most urgent alarm with its patient. It never covers or moves a card; a tap brings the card into sight.
function band(page, now) {
  const trouble = troubleOf(page.ward);
  const [first, ...more] = page.alarms;
  if (trouble || !first)
    return h("div", { class: `band ${trouble ? "high" : ""}`, role: "alert" }, trouble && h("p", {}, trouble));
  const late = now - first.since;
  const ago = !first.entry.prompt && late >= 60000 ? `, ${inWords(late)} ago` : "";
  const text = `${first.text.replace(/\.$/, "")}${ago}${more.length ? ` (+${more.length} more)` : ""}`;
  return h(
    "div",
    { class: `band ${first.priority}`, role: "alert" },
    h("button", { onclick: () => page.bring(first.patient.session) }, text),
  );
}

function troubleOf({ problem, link }) {
  const full = link.safe ? null : "This tablet's storage is full: taps are kept only while this page stays open.";
  return problem ?? [...link.unsent.values()].find(Boolean) ?? full;
}
