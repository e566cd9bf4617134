// What the recorder should know of this tablet itself.

/** @import { Screen } from "./types.js" */

/** @param {Screen} screen */
export function tabletState(screen) {
  const { opened } = screen.model;
  const scriptless = opened.drill === true && opened.drill_id && !screen.drill;
  return [
    scriptless ? "Getting ready for no network…" : screen.offline.message([screen.sync]),
    screen.awake.maySleep && "this tablet may sleep",
  ]
    .filter(Boolean)
    .join(" · ");
}
