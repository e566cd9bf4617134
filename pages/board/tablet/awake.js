// Keeps the tablet's screen on while a procedure runs. Only a page over https (or localhost) may; elsewhere it says so.

export class Awake {
  constructor(onChange) {
    this.onChange = onChange;
    this.wanted = false;
    this.lock = null;
    this.seen = () => !document.hidden && this.ask();
    document.addEventListener("visibilitychange", this.seen);
  }

  stop() {
    document.removeEventListener("visibilitychange", this.seen);
    this.want(false);
  }

  // True where the tablet may fall asleep although a procedure runs.
  get maySleep() {
    return this.wanted && !this.lock;
  }

  want(wanted) {
    if (wanted === this.wanted) return;
    this.wanted = wanted;
    if (wanted) this.ask();
    else this.lock?.release().catch(() => {});
  }

  async ask() {
    if (!this.wanted || this.lock || this.asking) return;
    this.asking = true;
    try {
      this.lock = (await navigator.wakeLock?.request("screen")) ?? null;
      this.lock?.addEventListener("release", () => ((this.lock = null), this.onChange()));
    } catch {
      this.lock = null;
    }
    this.asking = false;
    if (!this.wanted) this.lock?.release().catch(() => {}); // ended meanwhile
    this.onChange();
  }
}
