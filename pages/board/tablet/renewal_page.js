// For pages without a board: says that the server has another program than this page, and takes it when nobody is near and
// nothing was typed.

import { PROGRAM } from "../link/program.js";
import { RENEWED } from "../link/storage_keys.js";
import { pageTime } from "./finger.js";

const STILL_MS = 3000; // no finger was near for so long

/** @param {string} program */
function take(program) {
  sessionStorage.setItem(RENEWED, program);
  location.reload();
}

/**
 * Streamlit: `data` is the server's program; called again whenever it changes, as after a restart.
 * @param {{ parentElement: HTMLElement, data: string }} component
 */
export default function ({ parentElement, data }) {
  const place = /** @type {HTMLElement} */ (parentElement.querySelector(".renewal"));
  place.hidden = !PROGRAM || data === PROGRAM;
  if (place.hidden) return;
  const button = /** @type {HTMLElement} */ (place.querySelector("button"));
  button.onclick = () => take(data);
  const watch = setInterval(() => {
    const rested = pageTime() - (window.interspaceTouches?.at(-1)?.at ?? 0) > STILL_MS;
    if (rested && !window.interspaceTyped && sessionStorage.getItem(RENEWED) !== data) take(data);
  }, STILL_MS);
  return () => clearInterval(watch);
}
