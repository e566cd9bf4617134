// How a finger is read: a tap is stamped when the finger lands and counts when it lifts on the same button; the second
// tap of one finger is dropped; what ends something is held. The same on every screen that records.

const SAME_PLACE_PX = 40; // two taps of one finger
const NEW_PAGE_MS = 1500; // a finger that tapped the page before may tap once more
const HOLD_MS = 900;
const LANDED_MS = 3000; // a touch older than this did not begin this tap
const RESTS_MS = 10000; // a finger whose lifting was never heard of has lifted by now
export const AGAIN_MS = 3000; // a second press of a key within this time confirms

/**
 * @typedef {{ detail: number }} Tap a click; its `detail` is 0 where a key made it
 *
 * @typedef {object} FingerOptions
 * @property {() => number} now the server's clock
 * @property {() => number} guard ms in which two taps at one place are one
 * @property {() => void} [touched] called as a finger lands
 */

/** Time that nobody can set, in ms, the same for all pages of a tab that follow each other. */
export const pageTime = () => performance.timeOrigin + performance.now();

/** @param {Event} event */
const targetOf = ({ target }) => (target instanceof Element ? target : null);

export class Finger {
  opened = Infinity; // when the screen was first drawn (pageTime): what was tapped before was another page
  lastTouch = -Infinity; // ms, this page's clock
  scrolled = -Infinity;
  down = false;
  /** @type {number | undefined} */
  landed; // when the finger landed, by the server's clock
  done = false; // whether what this finger holds was done
  /** @type {{ button: HTMLElement, timer: number } | null} */
  holding = null;
  pressedAt = -Infinity; // a key that confirms by a second press

  /**
   * @param {HTMLElement | ShadowRoot} root
   * @param {FingerOptions} options
   */
  constructor(root, { now, guard, touched }) {
    this.root = root;
    this.now = now;
    this.guard = guard;
    this.touched = touched;
    /** @type {[EventTarget, string, (event: any) => void][]} */
    this.listeners = [
      [root, "pointerdown", () => this.lands()],
      [root, "click", (tap) => this.drops(tap)],
      [root, "scroll", () => this.scrolls()],
      [window, "pointerup", () => this.lifts()],
      [window, "pointercancel", () => this.lifts()],
    ];
    for (const [place, kind, hear] of this.listeners) place.addEventListener(kind, hear, true);
    root.addEventListener("click", this.blur);
  }

  stop() {
    for (const [place, kind, hear] of this.listeners) place.removeEventListener(kind, hear, true);
    this.root.removeEventListener("click", this.blur);
    this.letGo();
  }

  /** @type {(event: any) => void} */
  blur = (tap) => {
    if (tap.detail > 0) targetOf(tap)?.closest("button")?.blur(); // or the next Enter of a pedal would press it again
  };

  lands() {
    this.landed = this.now();
    this.done = false;
    [this.down, this.lastTouch] = [true, performance.now()];
    this.touched?.();
  }

  lifts() {
    [this.down, this.lastTouch] = [false, performance.now()];
    this.letGo();
  }

  scrolls() {
    this.scrolled = pageTime();
  }

  /**
   * Whether nobody has touched the screen for so long.
   * @param {number} ms
   */
  rested(ms) {
    return performance.now() - this.lastTouch > (this.down ? RESTS_MS : ms);
  }

  /**
   * The second tap of one finger is dropped, whatever has come under it meanwhile; so is the lifting of one that held.
   * @param {MouseEvent} tap
   */
  drops(tap) {
    if (tap.detail === 0 || !(this.done || this.isSecond(tap))) return;
    tap.stopPropagation();
    tap.preventDefault();
  }

  /** @param {MouseEvent} tap */
  isSecond(tap) {
    const [first, second] = window.interspaceTouches ?? [];
    if (!second || targetOf(tap)?.closest("[data-repeat]")) return false; // a stepper is meant to be tapped on and on
    const near = Math.hypot(first.x - second.x, first.y - second.y) < SAME_PLACE_PX;
    const within = first.at < this.opened ? NEW_PAGE_MS : this.guard();
    if (this.scrolled > first.at) return false; // the finger brought something else there on purpose
    const apart = second.at - first.at; // below zero: the clock was put back between two pages
    return near && apart >= 0 && apart <= within && pageTime() - second.at <= LANDED_MS;
  }

  /**
   * When the finger of this tap landed; undefined for a key.
   * @param {Tap} [tap]
   */
  landing(tap) {
    const since = this.now() - (this.landed ?? 0);
    return tap && tap.detail > 0 && since < LANDED_MS ? this.landed : undefined;
  }

  /**
   * The finger that stays does it, a tap only says so; what is done is stamped with the moment it landed.
   * @param {PointerEvent} tap
   * @param {(tap: Tap) => void} then
   */
  hold(tap, then) {
    const button = /** @type {HTMLElement} */ (tap.currentTarget);
    const landed = this.now();
    this.letGo();
    button.classList.add("held");
    const finish = () => {
      this.letGo();
      [this.landed, this.done] = [landed, true];
      then({ detail: 1 });
    };
    this.holding = { button, timer: setTimeout(finish, HOLD_MS) };
  }

  letGo() {
    clearTimeout(this.holding?.timer);
    this.holding?.button.classList.remove("held");
    this.holding = null;
  }

  /**
   * By keyboard it is pressed twice.
   * @param {Tap} tap
   * @param {() => void} confirmed
   */
  pressed(tap, confirmed) {
    if (tap.detail > 0) return;
    const now = performance.now();
    if (now - this.pressedAt < AGAIN_MS) confirmed();
    this.pressedAt = now;
  }
}
