// For pages without a board: tells Streamlit when any session changed, and sends what still waits on this tablet.

import { signInAddress } from "./call.js";
import { Link } from "./link.js";

const QUIET_MS = 250; // several taps make one rerun

class Pulse {
  opened = false;
  /** @type {number | undefined} */
  timer;

  /**
   * @param {HTMLElement} place where it says what is not saved yet
   * @param {() => void} onChanged
   */
  constructor(place, onChanged) {
    this.place = place;
    this.onChanged = onChanged;
    this.link = new Link({ onHint: (hint) => this.hear(hint), onChange: () => this.draw() });
    this.link.start();
  }

  stop() {
    this.link.stop();
    clearTimeout(this.timer);
  }

  /**
   * The page was drawn just before its stream first opened; later openings follow a silence.
   * @param {import("./link.js").Hint} hint
   */
  hear({ session }) {
    const first = !session && !this.opened;
    this.opened = true;
    if (first) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(this.onChanged, QUIET_MS);
  }

  draw() {
    const { waiting, unsent, signedOut } = this.link;
    const number =
      waiting.length && `${waiting.length} ${waiting.length === 1 ? "entry" : "entries"} on this tablet not saved yet`;
    const text = [number, number && unsent.values().next().value].filter(Boolean).join(": ");
    if (!signedOut) return this.place.replaceChildren(text);
    const way = Object.assign(document.createElement("a"), { href: signInAddress(), textContent: "Sign in again" });
    this.place.replaceChildren(text, text && " · ", way);
  }
}

/** @type {WeakMap<HTMLElement, Pulse>} */
const pulses = new WeakMap();

/**
 * Called again whenever Streamlit reruns the page: the same place keeps its pulse.
 * @param {{ parentElement: HTMLElement, setTriggerValue: (name: string, value: unknown) => void }} component
 */
export default function ({ parentElement, setTriggerValue }) {
  const place = /** @type {HTMLElement} */ (parentElement.querySelector(".pulse"));
  if (!pulses.has(place)) pulses.set(place, new Pulse(place, () => setTriggerValue("changed", Date.now())));
  return () => {
    pulses.get(place)?.stop();
    pulses.delete(place);
  };
}
