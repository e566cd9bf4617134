// The bedside board: one session, drawn from its log and its protocol's tables. Mounts on a Streamlit page (the default
// export) and on a bare one (`mount`). Every tap becomes an entry first and a drawing second.

import { tapOrHold } from "../controls/buttons.js";
import { pageChip } from "../controls/chips.js";
import { draw, h } from "../controls/dom.js";
import { drillOf, strip } from "../controls/drill.js";
import { TYPING } from "../controls/panel_parts.js";
import { shadowOf, styled, undisturbed } from "../controls/shared.js";
import { Tables } from "../controls/tables.js";
import { LATE_MS } from "../controls/opened.js";
import { Taps } from "../controls/taps.js";
import { Sync } from "../link/sync.js";
import { alarms } from "../model/alarms.js";
import { modelOf, openMarks } from "../model/model.js";
import { Awake } from "../tablet/awake.js";
import { Finger, pageTime } from "../tablet/finger.js";
import { Offline } from "../tablet/offline.js";
import { Pedal } from "../tablet/pedal.js";
import { Renewal } from "../tablet/renewal.js";
import { attend, Sound } from "../tablet/sound.js";
import { wear } from "../tablet/theme.js";
import { layout } from "./layout.js";

/**
 * @import { Alarm, Drill } from "../rules/types.js"
 */

const STYLES = [
  "style/controls.css",
  "style/fields.css",
  "style/lists.css",
  "bedside/layout.css",
  "bedside/head.css",
  "bedside/clocks.css",
  "bedside/rail.css",
  "bedside/banner.css",
  "bedside/card.css",
  "bedside/ring.css",
  "bedside/last.css",
  "bedside/marks.css",
  "bedside/drill.css",
];
const TICK_MS = 250; // how often the clocks are read anew; they are worked out from stored moments each time

export class Board extends Taps {
  /** @type {Sync} */
  sync;
  tables = new Tables(() => this.update());
  /** @type {Alarm[]} */
  alarms = [];
  /** @type {Drill | null} */
  drill = null;
  fetching = false; // the drill
  railOpen = false;
  styled = false;
  sounded = false; // whether the alarms that stood when the page opened were attended to
  wasRecorder = false;
  wasOver = false;
  lastPress = -Infinity; // of the pedal
  sound = new Sound();
  awake = new Awake(() => this.draw());
  pedal = new Pedal(() => this.press());
  offline = new Offline(() => this.draw());
  undisturbed = undisturbed();
  timer = setInterval(() => this.tick(), TICK_MS);

  /**
   * @param {ShadowRoot} root
   * @param {{ session: string, by?: string }} data
   */
  constructor(root, { session, by = "" }) {
    const sync = new Sync(session, () => this.update());
    const finger = new Finger(root, {
      now: () => sync.now(),
      guard: () => this.guard,
      touched: () => this.sound.touched(),
    });
    super(sync, finger);
    this.sync = sync;
    this.renewal = new Renewal(
      sync.link,
      (ms) => finger.rested(ms),
      () => !this.model || (this.model.over !== null && !this.panel),
    );
    this.root = root;
    this.by = by;
    styled(root, ...STYLES).then(() => {
      this.styled = true;
      this.update();
    });
  }

  stop() {
    clearInterval(this.timer);
    this.finger.stop();
    this.undisturbed();
    this.awake.stop();
    this.pedal.stop();
    this.sync.stop();
    this.tables.stop();
  }

  update() {
    const tables = this.tables.of(this.sync.protocolHash);
    if (!tables) return this.wait();
    this.model = modelOf(tables, this.sync.events());
    this.handOver();
    if (this.model.opened.drill === true) this.rehearse();
    this.awake.want(!this.model.over);
    this.draw();
  }

  // Recording went to another tablet: what was begun here is not finished there.
  handOver() {
    const { recorder } = this;
    if (this.wasRecorder && !recorder) [this.panel, this.late, this.lostAt] = [null, null, performance.now()];
    this.wasRecorder = recorder;
  }

  // A drill's script, once it is here; its debrief opens by itself when nothing more is awaited.
  async rehearse() {
    const over = this.model.over !== null;
    if (over && !this.wasOver) this.panel = { name: "debrief" };
    this.wasOver = over;
    if (this.drill || this.fetching) return;
    this.fetching = true;
    this.drill = await drillOf(this.model.opened.drill_id);
    this.fetching = false;
    if (this.drill) this.draw();
  }

  // The pedal: the primary mark, never twice within the guard time, whatever has become primary meanwhile.
  press() {
    if (!this.recorder || this.model.over) return;
    const [primary] = openMarks(this.model).near;
    const now = performance.now();
    const held = primary && tapOrHold(this.model, this, primary.marks)["data-hold"];
    if (!primary || held || now - this.lastPress < this.guard) return;
    this.lastPress = now;
    this.mark(primary.marks);
  }

  // ------------------------------------------------------------------------------------------------------------- drawing
  wait() {
    if (!this.styled) return;
    const problem = this.sync.problem ?? this.tables.problem(this.sync.protocolHash);
    const text = problem ?? (this.sync.online ? "Opening…" : "Waiting for the server…");
    draw(
      this.root,
      h(
        "div",
        { class: "app lone" },
        h("p", { role: "status" }, text),
        pageChip(this.sync.link, this.renewal),
        h("a", { class: "btn", href: "/" }, "Back to Start"),
      ),
    );
  }

  draw() {
    if (!this.styled || !this.model) return;
    this.alarms = alarms(this.model, this.sync.now());
    this.finger.opened = Math.min(this.finger.opened, pageTime());
    draw(this.root, this.model.opened.drill === true && strip(this.model, this), layout(this.model, this));
  }

  tick() {
    this.renewal.attend();
    if (!this.model || !this.styled) return;
    if (this.late && performance.now() - this.late.since > LATE_MS) this.late = null;
    if (!document.hidden) this.draw();
    attend(this.sound, alarms(this.model, this.sync.now()), !this.sounded, () => this.sync.pull());
    this.sounded = true;
  }

  // ------------------------------------------------------------------------------------------- looking, without a record
  /** @param {string | null} phase */
  look(phase) {
    this.phase = phase;
    this.panel = null;
    this.railOpen = false;
    this.draw();
  }
  foldRail = () => {
    this.railOpen = !this.railOpen;
    this.draw();
  };
  /** @param {string} panel */
  shown(panel) {
    this.root.querySelector(".middle")?.scrollTo(0, 0);
    this.root.querySelector(".card")?.scrollTo(0, 0);
    if (TYPING.includes(panel)) /** @type {HTMLElement | null} */ (this.root.querySelector(".card input"))?.focus();
  }

  // ---------------------------------------------------------------------------------------------------------- this tablet
  /** @param {MouseEvent} tap */
  soundTapped = (tap) => {
    this.sound.tapped(tap, this.alarms);
    this.draw();
  };
  /** @param {() => void} change */
  setting = (change) => {
    change();
    this.draw();
  };
  /** @param {"light" | "dark"} name */
  theme = (name) => {
    wear(name);
    this.draw();
  };
}

/**
 * @param {HTMLElement} element
 * @param {{ session: string, by?: string }} data
 */
export const mount = (element, data) => new Board(shadowOf(element), data);

/** @type {WeakMap<HTMLElement, Board>} */
const boards = new WeakMap();

/**
 * Called again whenever Streamlit's data changes: the same session keeps its board.
 * @param {{ parentElement: HTMLElement, data: { session: string, by?: string } }} component
 */
export default function ({ parentElement, data }) {
  const place = /** @type {HTMLElement} */ (parentElement.querySelector(".board-place"));
  const before = boards.get(place);
  if (before?.sync.session !== data.session) {
    before?.stop();
    boards.set(place, mount(place, data));
  }
  return () => {
    boards.get(place)?.stop();
    boards.delete(place);
  };
}
