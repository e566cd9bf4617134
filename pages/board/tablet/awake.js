// Keeps the tablet's screen on while a procedure runs. Only a page over https (or localhost) may; elsewhere it says so.

export class Awake {
  wanted = false;
  asking = false;
  /** @type {WakeLockSentinel | null} */
  lock = null;

  turned = () => {
    if (!document.hidden) this.ask();
  };

  /** @param {() => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
    document.addEventListener("visibilitychange", this.turned);
  }

  stop() {
    document.removeEventListener("visibilitychange", this.turned);
    this.want(false);
  }

  // True where the tablet may fall asleep although a procedure runs.
  get maySleep() {
    return this.wanted && !this.lock;
  }

  /** @param {boolean} wanted */
  want(wanted) {
    if (wanted === this.wanted) return;
    this.wanted = wanted;
    if (wanted) this.ask();
    else this.release();
  }

  release() {
    this.lock?.release().catch(() => {});
  }

  async ask() {
    if (!this.wanted || (this.lock && !this.lock.released) || this.asking) return; // its release may be told late
    this.asking = true;
    try {
      const lock = (await navigator.wakeLock?.request("screen")) ?? null;
      lock?.addEventListener("release", () => this.released(lock));
      this.lock = lock;
    } catch {
      this.lock = null;
    }
    this.asking = false;
    if (!this.wanted) this.release(); // ended meanwhile
    this.onChange();
  }

  /** @param {WakeLockSentinel} lock */
  released(lock) {
    if (this.lock === lock) this.lock = null; // another one may be held by now
    this.onChange();
  }
}
