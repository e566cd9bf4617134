// The room view: one session, to be read from three metres by whoever has no hand free. It records nothing. It walks the
// same tables as the board; what it says aloud is what the tables word.

import { draw, h } from "../controls/dom.js";
import { styled, tablesOf, undisturbed } from "../controls/shared.js";
import { keep, stored } from "../link/outbox.js";
import { ROOM_SPEECH } from "../link/storage_keys.js";
import { Sync } from "../link/sync.js";
import { span, timeOfDay } from "../model/format.js";
import { headline, lastMark, modelOf, waitingPrompts } from "../model/model.js";
import { carriedText, labelOf } from "../model/wording.js";
import { optionLabel } from "../rules/options.js";

const TICK_MS = 250; // how often the clocks are read anew; they are worked out from stored moments each time
const [SHRINK, LEAST] = [0.95, 0.25]; // type too large for its place gets smaller by such steps, down to the least

const nameOf = (prompt) => `${prompt.kind} ${prompt.event}`;

// Says each prompt once and each change of phase; what was known when the room opened is not said.
class Speech {
  able = "speechSynthesis" in window;
  on = stored(ROOM_SPEECH, false) === true;
  said = new Set();

  // A browser speaks only after a first touch on the page; it may have no voice at all.
  get label() {
    if (this.on && navigator.userActivation?.hasBeenActive === false) return "Speak: tap to allow";
    return this.on ? (this.mute ? "Speak: no voice here" : "Speak: on") : "Speak: off";
  }

  toggle(sample) {
    const allows = this.on && !this.touched; // chosen before this page was loaded
    this.touched = true;
    this.on = allows || !this.on;
    keep(ROOM_SPEECH, this.on);
    this.on ? this.say(sample) : speechSynthesis.cancel();
  }

  hear(m, before) {
    for (const prompt of before.walk.prompts) this.said.add(nameOf(prompt));
    if (this.known !== before.entries.length) [this.known, this.phase] = [before.entries.length, before.phase];
    for (const prompt of waitingPrompts(m)) {
      if (!this.said.has(nameOf(prompt))) this.say(prompt.text);
      this.said.add(nameOf(prompt));
    }
    if (m.phase !== this.phase) this.say(m.protocol.phase[m.phase].label);
    this.phase = m.phase;
  }

  say(text) {
    if (!this.able || !this.on) return;
    const words = new SpeechSynthesisUtterance(text.replaceAll("–", " "));
    words.lang = document.documentElement.lang || "en";
    [words.onstart, words.onerror] = [
      () => (this.mute = false),
      ({ error }) => (this.mute = !["canceled", "interrupted", "not-allowed"].includes(error)),
    ];
    speechSynthesis.speak(words);
  }
}

export class Room {
  constructor(root, { session }) {
    this.root = root;
    [this.opened, this.speech, this.fitted] = [performance.now(), new Speech(), new WeakMap()]; // fitted: element → text's shape
    this.refit = () => {
      this.fitted = new WeakMap();
      this.draw();
    };
    this.toggle = () => (this.speech.toggle(this.m.protocol.phase[this.m.phase].label), this.draw());
    this.sync = new Sync(session, () => this.update());
    this.undisturbed = undisturbed();
    this.timer = setInterval(() => !document.hidden && this.draw(), TICK_MS);
    window.addEventListener("resize", this.refit);
    document.fonts.addEventListener("loadingdone", this.refit);
    this.ready = styled(root, "room/room.css").then(() => {
      this.styled = true;
      this.refit();
    });
  }

  stop() {
    this.stopped = true;
    clearInterval(this.timer);
    window.removeEventListener("resize", this.refit);
    document.fonts.removeEventListener("loadingdone", this.refit);
    this.sync.stop();
    this.undisturbed();
    if (this.speech.able) speechSynthesis.cancel();
  }

  update() {
    const { sync } = this;
    if (this.stopped) return;
    // When this room opened, by the server's clock: known for good with the server's first answer.
    const since = this.since ?? sync.now() - (performance.now() - this.opened);
    if (sync.online) [this.since, this.heard] = [since, sync.now()];
    if (sync.protocolHash && this.hash !== sync.protocolHash) this.learn(sync.protocolHash);
    if (this.tables) {
      const events = sync.events();
      this.m = modelOf(this.tables, events);
      this.speech.hear(
        this.m,
        modelOf(
          this.tables,
          events.filter((event) => (event.received ?? event.tapped) <= since),
        ),
      );
    }
    this.draw();
  }

  learn(hash) {
    this.hash = hash;
    const failed = (error) => ([this.hash, this.problem] = [null, String(error.message ?? error)]); // tried again later
    tablesOf(hash).then((tables) => {
      this.tables = tables;
      this.update();
    }, failed);
  }

  draw() {
    const { m, root } = this;
    if (this.stopped || !this.styled) return;
    if (!m) return draw(root, this.waiting());
    draw(
      root,
      h(
        "div",
        { class: `room ${m.opened.drill ? "drill" : ""}`, "data-ready": "true" },
        this.head(m),
        h("div", { class: "body" }, phase(m), clocks(m, this.sync.now()), facts(m), band(m)),
      ),
    );
    for (const element of root.querySelectorAll("[data-fit]")) this.fit(element);
  }

  waiting() {
    const problem = this.sync.problem ?? this.problem;
    return h(
      "section",
      { class: "room lone", "aria-label": "Room view" },
      h("h1", { role: "status" }, problem ?? (this.sync.online ? "Opening…" : "Waiting for the server…")),
      problem && h("a", { href: "/" }, "Back to Start"),
    );
  }

  head({ opened, walk }) {
    const { speech, sync } = this;
    const who = [opened.dose && `dose ${opened.dose}`, walk.operator].filter(Boolean).join(" · ");
    const heard = this.heard ?? Math.max(0, ...sync.events().map((event) => event.received ?? 0));
    const space = sync.lowOnSpace ? "Live · Server’s disk is nearly full" : null; // taps are saved all the same
    const fault =
      sync.problem ?? (sync.online ? space : `No connection${heard ? `: showing ${timeOfDay(heard)}` : ""}`);
    return h(
      "header",
      {},
      h("b", {}, opened.patient ?? "…"),
      h("span", { class: "who" }, who),
      opened.drill && h("b", { class: "word", key: "drill" }, "DRILL"),
      h("span", { class: `live ${fault ? "amber" : ""}`, role: "status", key: "live" }, h("i", {}), fault ?? "Live"),
      speech.able &&
        h("button", { key: "speak", "aria-pressed": String(speech.on), onclick: this.toggle }, speech.label),
    );
  }

  // Type is as large as its place allows; it is measured only when its text, or the place, has changed.
  fit(element) {
    const shape = element.textContent.replace(/\d/g, "0");
    if (this.fitted.get(element) === shape) return;
    this.fitted.set(element, shape);
    for (let size = 1; size > LEAST; size *= SHRINK) {
      element.style.setProperty("--fit", size.toFixed(3));
      const high = element.dataset.fit === "lines" && element.scrollHeight > element.clientHeight + 1;
      if (!high && element.scrollWidth <= element.clientWidth + 1) return;
    }
  }
}

function phase({ protocol, phase: now, over }) {
  const [order, place] = [Object.keys(protocol.phase), Object.keys(protocol.phase).indexOf(now)];
  return h(
    "section",
    { class: "phase", "aria-label": "Phase" },
    h(
      "div",
      { class: "steps", "aria-hidden": "true" },
      order.map((id, n) => h("i", { class: n < place ? "past" : n === place ? "now" : "" })),
    ),
    h("small", {}, h("span", {}, `Phase ${place + 1} of ${order.length}`), over && h("b", {}, `Ended: ${over}`)),
    h("h1", { "data-fit": "line" }, protocol.phase[now].label),
  );
}

function clocks({ protocol, phase: now, walk }, moment) {
  return h(
    "section",
    { class: "clocks", "aria-label": "Clocks" },
    protocol.phase[now].headline.map((id) => clock(protocol, walk, id, moment)),
  );
}

function clock(protocol, walk, id, now) {
  const [table, { start, closed, running }] = [protocol.clock, walk.clocks].map((list) =>
    list.find((one) => one.id === id),
  );
  const least = protocol.window.find((window) => window.clock === table.id && window.below_s && table.sum);
  const ends = least && running !== null ? running + least.below_s * 1000 - closed : null;
  const elapsed = closed + (running === null ? 0 : Math.max(0, now - running));
  return h(
    "div",
    { class: `clock ${running === null ? "" : "run"}`, key: table.id },
    h(
      "small",
      {},
      h("span", {}, table.label, least && ` of ${span(least.below_s * 1000)}`),
      ends !== null &&
        h("b", { class: ends > now ? "" : "reached" }, `${ends > now ? "ends" : "reached"} ${timeOfDay(ends, false)}`),
    ),
    h("strong", { class: start === null ? "idle" : "", "data-fit": "line" }, start === null ? "–" : span(elapsed)),
  );
}

function facts(m) {
  const { protocol, walk } = m;
  const { label, total, group, limit, failed, tried, pending } = headline(m);
  const pips = Array.from({ length: limit }, (_, n) =>
    h("i", { class: n < failed ? "x" : n < tried ? (pending ? "h" : "ok") : "" }),
  );
  const words = `${label} at ${group}: ${tried} of ${limit}, ${failed} unsuccessful`;
  const tries =
    group &&
    limit > 0 &&
    h(
      "div",
      { class: "tries" },
      h("b", {}, `${tried} of ${limit}`),
      h("span", { class: "pips", role: "img", "aria-label": words }, pips),
    );
  const planned = ({ key }) =>
    h(
      "div",
      { class: `fact ${key === protocol.group ? "group" : ""}`, key },
      h("small", {}, protocol.value[key].label),
      h(
        "strong",
        { class: walk.plan[key] ? "" : "idle", "data-fit": key === protocol.group ? "line" : "lines" },
        walk.plan[key] ? optionLabel(protocol, key, walk.plan[key]) : "not chosen",
      ),
      key === protocol.group && tries,
    );
  return h(
    "section",
    { class: "facts", "aria-label": "Insertions and plan" },
    h(
      "div",
      { class: "fact count", key: "count" },
      h("small", {}, label),
      h("strong", { "data-fit": "line" }, String(total)),
    ),
    protocol.plan.map(planned),
  );
}

// The prompt's place is always there; without a prompt it tells what was recorded last.
function band(m) {
  const [first, ...more] = waitingPrompts(m);
  const line = lastMark(m);
  const last =
    line &&
    [timeOfDay(line.at), labelOf(m.protocol, line), carriedText(m.protocol, line)].filter(Boolean).join("  ·  ");
  const text = `${first?.text}${more.length ? ` (+${more.length} more)` : ""}`
    .split(/(\S*–\S*)/)
    .map((part, n) => (n % 2 ? h("span", {}, part) : part)); // "L3–L4" stays on one line
  return h(
    "section",
    { class: `band ${first?.priority ?? "empty"}`, "aria-label": "Prompt" },
    h("div", { role: "alert", "data-fit": "lines" }, first && h("p", {}, text)),
    !first && h("p", { class: "last" }, last ?? "Nothing recorded yet"),
  );
}

export const mount = (element, data) => new Room(element.shadowRoot ?? element.attachShadow({ mode: "open" }), data);

// Called again whenever Streamlit's data changes: the same session keeps its room.
export default function ({ parentElement, data }) {
  const place = parentElement.querySelector(".room-place");
  if (place.room && place.room.sync.session !== data.session) place.room = place.room.stop();
  place.room ??= mount(place, data);
  return () => (place.room = place.room?.stop());
}
