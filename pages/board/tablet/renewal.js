// Another version of the program on the server: the page says so, and takes it when that disturbs nobody.

import { RENEWED } from "../link/storage_keys.js";

/** @import { Link } from "../link/link.js" */

const STILL_MS = 3000; // no finger was near for so long

export class Renewal {
  /**
   * @param {Link} link
   * @param {(ms: number) => boolean} rested whether nobody has touched the screen for so long
   * @param {() => boolean} free whether no procedure waits and nothing is half typed
   */
  constructor(link, rested, free) {
    this.link = link;
    this.rested = rested;
    this.free = free;
  }

  // Called often.
  attend() {
    const { link } = this;
    if (!link.outdated || !link.online || !link.safe || !this.rested(STILL_MS) || !this.free()) return;
    if (sessionStorage.getItem(RENEWED) !== link.program) this.take(); // once: what comes back may be a copy of the old
  }

  take = () => {
    sessionStorage.setItem(RENEWED, this.link.program ?? "");
    location.reload();
  };
}
