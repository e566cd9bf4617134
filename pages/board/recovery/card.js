// One patient on the recovery board: which timer, how long, until when, and the action as one large button. Every part
// has a place of its own, so that nothing moves as time passes.

import { endsIt, lower, tapOrHold } from "../controls/buttons.js";
import { h } from "../controls/dom.js";
import { lastMade } from "../model/model.js";
import { timerOf } from "../model/timers.js";
import { labelOf, shown } from "../model/wording.js";
import { askRow } from "./ask.js";

/** `room`: the rows that the card has place for; they are given and taken back while no finger is near. */
export function card(p, face, { room, opened, page }) {
  const { m, session } = p;
  const review = m.walk.review.length + p.sync.refused.length;
  // What was tapped may be gone by now: its own handler has drawn the card anew.
  const toggle = (tap) => tap.composedPath().some((one) => one.matches?.(".acts, .ask, .seen")) || page.toggle(session);
  const kind = ["p", face.status, face.flags.length && "flag", !face.seen && "lit", opened && "opened"]
    .filter(Boolean)
    .join(" ");
  return h(
    "article",
    { class: kind, key: session, "aria-label": m.opened.patient, onclick: toggle },
    h(
      "button",
      { class: "id", "aria-expanded": String(opened) },
      h("b", {}, m.opened.patient ?? "…"),
      h("small", {}, place(p)),
      review > 0 && h("em", {}, `${review} to review`),
    ),
    h(
      "div",
      { class: "st" },
      h("b", {}, face.title),
      h("small", {}, face.lacks && h("em", {}, `Missing: ${face.lacks}. `), face.sub),
      !face.seen && h("button", { class: "btn seen", key: "seen", onclick: p.seeAll }, "Seen"),
    ),
    face.width !== null && h("div", { class: "bar", key: "bar" }, h("i", { style: `width:${face.width}%` })),
    h("div", { class: "end" }, h("strong", {}, face.big), h("small", {}, face.small)),
    h(
      "div",
      { class: "acts" },
      h("button", { class: "btn quiet", key: "observe", onclick: () => page.toggle(session) }, "Observe…"),
      action(p, face),
    ),
    room.length > 0 &&
      h(
        "div",
        { class: "rows", key: "rows" },
        room.map((id) => row(p, id)),
      ),
  );
}

// A red flag, what an entry led to, a question, or the place of one that was answered just now.
function row(p, { kind, id }) {
  const ask = p.asks.find((one) => one.id === id);
  if (ask) return askRow(p, ask);
  if (kind === "kept") return keptRow(id);
  if (p.flags.includes(id)) return flagRow(id);
  return h("div", { class: "ask kept", key: `kept ${id}`, role: "status" }, "Recorded");
}

/** What has to be done at once. */
export const flagRow = (text) => h("p", { class: "flagged", key: text }, text);

/** What an entry led to. */
export const keptRow = (text) =>
  h("p", { class: "kept-to-review", key: `review ${text}`, role: "status" }, `Kept, to review: ${text}`);

/** "dose 2 · bed 4" */
export function place({ m }) {
  const { bed, value } = m.protocol;
  const where = bed && (m.walk.values[bed] ?? "");
  const lies = bed && (where === "" ? "–" : shown(m.protocol, bed, where));
  return [m.opened.dose && `dose ${m.opened.dose}`, lies && `${value[bed].label.toLowerCase()} ${lies}`]
    .filter(Boolean)
    .join(" · ");
}

/** What comes next, as one large button. Before its time it is quiet and held, and so is what ends the stay. */
export function action(p, face) {
  const { m, stand } = p;
  if (!stand.next) return undo(p);
  const { label, marks } = stand.next;
  const key = marks.join(" "); // another action is another button
  if (face.early)
    return h(
      "button",
      { class: "btn quiet", key: `early ${key}`, ...tapOrHold(m, p, marks, true) },
      early(m, marks),
      h("small", {}, "hold"),
    );
  const held = endsIt(m, marks);
  return h("button", { class: "btn go", key, ...tapOrHold(m, p, marks) }, label, held && h("small", {}, "hold"));
}

/** What marks write that end a timer before its time: "End compression early, start supine". */
export function early(m, marks) {
  const label = (mark) => m.protocol.mark[mark].label + (timerOf(m, [mark]) ? " early" : "");
  return marks.map((mark, n) => (n ? lower(label(mark)) : label(mark))).join(", ");
}

/** Takes back what was entered last. */
export function undo(p) {
  const made = lastMade(p.m);
  const name = made.map((line) => labelOf(p.m.protocol, line)).join(", ");
  return h(
    "button",
    { class: "btn quiet", key: "undo", disabled: !made.length, onclick: (tap) => p.undoAll(made, tap) },
    `Undo ${lower(name)}`.trim(),
  );
}
