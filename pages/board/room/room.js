// The room view: one session, to be read from three metres by whoever has no hand free. It records nothing. It walks the
// same tables as the board; what it says aloud is what the tables word.

import { draw, h } from "../controls/dom.js";
import { shadowOf, styled, undisturbed } from "../controls/shared.js";
import { Tables } from "../controls/tables.js";
import { signInAddress } from "../link/call.js";
import { Sync } from "../link/sync.js";
import { timeOfDay } from "../model/format.js";
import { modelOf } from "../model/model.js";
import { pageTime } from "../tablet/finger.js";
import { Renewal } from "../tablet/renewal.js";
import { Fit } from "./fit.js";
import { band, clocks, facts, phase } from "./places.js";
import { Speech } from "./speech.js";

/** @import { Model } from "../rules/types.js" */

const STYLES = [
  "room/layout.css",
  "room/head.css",
  "room/phase.css",
  "room/clocks.css",
  "room/facts.css",
  "room/band.css",
];
const TICK_MS = 250; // how often the clocks are read anew; they are worked out from stored moments each time

export class Room {
  /** @type {Model | null} */
  model = null; // until the protocol's tables are here
  tables = new Tables(() => this.update());
  /** @type {number | null} */
  since = null; // when this room opened, by the server's clock
  /** @type {number | null} */
  heard = null; // when the server was heard last, by its clock
  opened = performance.now();
  styled = false;
  stopped = false;
  speech = new Speech();
  fit = new Fit();
  undisturbed = undisturbed();
  timer = setInterval(() => this.tick(), TICK_MS);

  /**
   * @param {ShadowRoot} root
   * @param {{ session: string }} data
   */
  constructor(root, { session }) {
    this.root = root;
    this.sync = new Sync(session, () => this.update());
    this.renewal = new Renewal(this.sync.link, untouched, () => !this.model || this.model.over !== null);
    window.addEventListener("resize", this.refit);
    document.fonts.addEventListener("loadingdone", this.refit);
    styled(root, ...STYLES).then(() => {
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
    this.tables.stop();
    this.undisturbed();
    this.speech.stop();
  }

  tick() {
    this.renewal.attend();
    if (!document.hidden) this.draw();
  }

  refit = () => {
    this.fit.forget();
    this.draw();
  };

  toggleSpeech = () => {
    if (this.model) this.speech.toggle(this.model.protocol.phase[this.model.phase].label);
    this.draw();
  };

  update() {
    const { sync } = this;
    if (this.stopped) return;
    // When this room opened, by the server's clock: known for good with the server's first answer.
    const since = this.since ?? sync.now() - (performance.now() - this.opened);
    if (sync.online) [this.since, this.heard] = [since, sync.now()];
    const tables = this.tables.of(sync.protocolHash);
    if (tables) {
      const events = sync.events();
      const before = events.filter((event) => (event.received ?? event.tapped) <= since);
      this.model = modelOf(tables, events);
      this.speech.hear(this.model, modelOf(tables, before));
    }
    this.draw();
  }

  draw() {
    const { model, root } = this;
    if (this.stopped || !this.styled) return;
    if (!model) {
      draw(root, this.waiting());
      return;
    }
    draw(
      root,
      h(
        "div",
        { class: `room ${model.opened.drill ? "drill" : ""}`, "data-ready": "true" },
        this.head(model),
        h(
          "div",
          { class: "body" },
          phase(model, this.sync.now()),
          clocks(model, this.sync.now()),
          facts(model),
          band(model),
        ),
      ),
    );
    this.fit.all(root);
  }

  waiting() {
    const problem = this.sync.problem ?? this.tables.problem(this.sync.protocolHash);
    return h(
      "section",
      { class: "room lone", "aria-label": "Room view" },
      h("h1", { role: "status" }, problem ?? (this.sync.online ? "Opening…" : "Waiting for the server…")),
      this.pageButton(),
      problem && h("a", { key: "start", href: "/" }, "Back to Start"),
    );
  }

  /** @param {Model} model */
  head({ opened, walk }) {
    const { speech } = this;
    const fault = this.fault();
    return h(
      "header",
      {},
      h("b", {}, opened.patient ?? "…"),
      h("span", { class: "who" }, [opened.dose && `dose ${opened.dose}`, walk.operator].filter(Boolean).join(" · ")),
      opened.drill && h("b", { class: "word", key: "drill" }, "DRILL"),
      h("span", { class: `live ${fault ? "amber" : ""}`, role: "status", key: "live" }, h("i", {}), fault ?? "Live"),
      this.pageButton(),
      speech.able &&
        h("button", { key: "speak", "aria-pressed": String(speech.on), onclick: this.toggleSpeech }, speech.label),
    );
  }

  // What this page asks for before it can go on as it should.
  pageButton() {
    const { signedOut, outdated } = this.sync.link;
    if (signedOut) return h("a", { key: "page", href: signInAddress() }, "Sign in again");
    return outdated && h("button", { key: "page", onclick: this.renewal.take }, "New version: tap to load it");
  }

  // What is wrong, so that what is shown may be old or soon will be; null while nothing is.
  fault() {
    const { sync } = this;
    if (sync.problem) return sync.problem;
    if (sync.online) return sync.lowOnSpace ? "Live · Server’s disk is nearly full" : null; // taps are saved all the same
    const heard = this.heard ?? Math.max(0, ...sync.events().map((event) => event.received ?? 0));
    return `${sync.link.signedOut ? "Signed out" : "No connection"}${heard ? `: showing ${timeOfDay(heard)}` : ""}`;
  }
}

/**
 * Whether nobody has touched this page for so long.
 * @param {number} ms
 */
const untouched = (ms) => pageTime() - (window.interspaceTouches?.at(-1)?.at ?? 0) > ms;

/**
 * @param {HTMLElement} element
 * @param {{ session: string }} data
 */
export const mount = (element, data) => new Room(shadowOf(element), data);

/** @type {WeakMap<HTMLElement, Room>} */
const rooms = new WeakMap();

/**
 * Called again whenever Streamlit's data changes: the same session keeps its room.
 * @param {{ parentElement: HTMLElement, data: { session: string } }} component
 */
export default function ({ parentElement, data }) {
  const place = /** @type {HTMLElement} */ (parentElement.querySelector(".room-place"));
  const before = rooms.get(place);
  if (before?.sync.session !== data.session) {
    before?.stop();
    rooms.set(place, mount(place, data));
  }
  return () => {
    rooms.get(place)?.stop();
    rooms.delete(place);
  };
}
