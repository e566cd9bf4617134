// For pages without a board: tells Streamlit when any session changed, and sends what still waits on this tablet.

import { Link } from "./link.js";

const QUIET_MS = 250; // several taps make one rerun

class Pulse {
  constructor(place, tell) {
    [this.place, this.tell] = [place, tell];
    this.link = new Link(this);
    this.link.start();
  }

  stop() {
    this.link.stop();
    clearTimeout(this.timer);
  }

  // The page was drawn just before its stream first opened; later openings follow a silence.
  hear({ session }) {
    const first = !session && !this.opened;
    this.opened = true;
    if (first) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(this.tell, QUIET_MS);
  }

  again() {}

  changed() {
    const { waiting, unsent } = this.link;
    const number =
      waiting.length && `${waiting.length} ${waiting.length === 1 ? "entry" : "entries"} on this tablet not saved yet`;
    this.place.textContent = [number, number && unsent.values().next().value].filter(Boolean).join(": ");
  }
}

const pulses = new WeakMap();

// Called again whenever Streamlit reruns the page: the same place keeps its pulse.
export default function ({ parentElement, setTriggerValue }) {
  const place = parentElement.querySelector(".pulse");
  if (!pulses.has(place)) pulses.set(place, new Pulse(place, () => setTriggerValue("changed", Date.now())));
  return () => {
    pulses.get(place)?.stop();
    pulses.delete(place);
  };
}
