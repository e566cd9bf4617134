// How an alarm sounds, is spoken and felt. Patterns after IEC 60601-1-8: pulses and pauses tell the priority by ear.

import { keep, stored } from "../link/outbox.js";
import { SOUND, SPEECH } from "../link/storage_keys.js";

/**
 * @import { Priority } from "../rules/tables.js"
 * @import { Alarm } from "../rules/types.js"
 *
 * @typedef {object} Pattern pulses at these moments (s) of each burst; the burst comes again after `again` ms, or not
 * @property {number} pitch
 * @property {number[]} at
 * @property {number} length
 * @property {number | null} again
 * @property {number[]} feel
 */

const SILENCE_MS = 120000; // an audio pause; the light stays
/** @type {Record<Priority, Pattern>} */
const PATTERNS = {
  high: {
    pitch: 880,
    at: [0, 0.2, 0.4, 0.8, 1.0, 2.0, 2.2, 2.4, 2.8, 3.0],
    length: 0.12,
    again: 6000,
    feel: [120, 60, 120, 60, 120, 200, 120, 60, 120],
  },
  medium: { pitch: 660, at: [0, 0.25, 0.5], length: 0.18, again: 15000, feel: [180, 90, 180, 90, 180] },
  low: { pitch: 520, at: [0, 0.3], length: 0.2, again: null, feel: [200] },
};

/**
 * Whether any of these is heard until somebody has seen it.
 * @param {Alarm[]} alarms
 */
export const rings = (alarms) => alarms.some((alarm) => !alarm.seen && !alarm.cue);

export class Sound {
  /** @type {boolean} */
  wanted = stored(SOUND, true);
  /** @type {boolean} */
  speech = stored(SPEECH, false);
  /** @type {Map<string, number>} */
  played = new Map(); // alarm → when its burst was last played (ms, this page's clock)
  silentUntil = 0;
  /** @type {AudioContext | null} */
  context = null;
  before = false; // whether it was on when the finger landed

  // A browser lets a page sound only after a tap: call this from one.
  unlock() {
    if (!this.wanted) return;
    const Context = window.AudioContext || window.webkitAudioContext;
    this.context ??= Context ? new Context() : null;
    this.context?.resume();
  }

  /** @returns {boolean} */
  get on() {
    return this.wanted && this.context?.state === "running";
  }

  get silent() {
    return performance.now() < this.silentUntil;
  }

  // A touch may let the page sound: what the chip said when the finger landed on it is what its tap is about.
  touched() {
    this.before = this.on;
    this.unlock();
  }

  /**
   * @param {import("./finger.js").Tap} tap
   * @param {Alarm[]} alarms
   */
  tapped(tap, alarms) {
    const was = tap.detail > 0 ? this.before : this.on;
    if (was && rings(alarms)) this.silence();
    if (!was && !this.on) this.toggle();
  }

  toggle() {
    this.wanted = !this.on;
    keep(SOUND, this.wanted);
    if (this.wanted) this.unlock();
    else this.context?.suspend();
  }

  toggleSpeech() {
    this.speech = !this.speech;
    keep(SPEECH, this.speech);
    if (this.speech) this.say("Speech is on.");
    else window.speechSynthesis?.cancel();
  }

  silence() {
    this.silentUntil = performance.now() + SILENCE_MS;
    window.speechSynthesis?.cancel();
  }

  /**
   * Called often: plays what is due.
   * @param {Alarm[]} alarms
   * @param {boolean} old whether they were there when the page opened: then they are not sounded as if new
   */
  attend(alarms, old) {
    const now = performance.now();
    const ids = new Set(alarms.map((alarm) => alarm.id));
    for (const id of this.played.keys()) if (!ids.has(id)) this.played.delete(id);
    const due = alarms.filter((alarm) => this.due(alarm, now));
    const heard = due.filter(
      (alarm) => !alarm.seen && !this.silent && !(old && (alarm.cue || PATTERNS[alarm.priority].again === null)),
    );
    const first = heard[0]?.priority; // the most urgent
    const sentences = heard
      .filter((alarm) => alarm.priority === first && !this.played.has(alarm.id))
      .map((alarm) => alarm.say);
    // One burst stands for all of its priority: several patients' would be noise.
    for (const alarm of alarms)
      if (alarm.priority === first || (due.includes(alarm) && !heard.includes(alarm))) this.played.set(alarm.id, now);
    if (first) this.play(PATTERNS[first]);
    this.say(sentences.join(" "));
  }

  /**
   * @param {Alarm} alarm
   * @param {number} now
   */
  due(alarm, now) {
    const { again } = PATTERNS[alarm.priority];
    const last = this.played.get(alarm.id);
    return last === undefined || (again !== null && !alarm.seen && !alarm.cue && now - last >= again);
  }

  /** @param {Pattern} pattern */
  play(pattern) {
    if (navigator.userActivation?.hasBeenActive !== false) navigator.vibrate?.(pattern.feel); // a browser allows it after a first touch
    const { context } = this;
    if (!context || !this.on) return;
    const start = context.currentTime + 0.02;
    for (const at of pattern.at) {
      const tone = context.createOscillator();
      const volume = context.createGain();
      tone.frequency.value = pattern.pitch;
      volume.gain.setValueAtTime(0, start + at);
      volume.gain.linearRampToValueAtTime(0.5, start + at + 0.02);
      volume.gain.setValueAtTime(0.5, start + at + pattern.length - 0.03);
      volume.gain.linearRampToValueAtTime(0, start + at + pattern.length);
      tone.connect(volume).connect(context.destination);
      tone.start(start + at);
      tone.stop(start + at + pattern.length);
    }
  }

  /** @param {string} text */
  say(text) {
    if (!this.speech || !text || !window.speechSynthesis) return;
    const words = new SpeechSynthesisUtterance(text);
    words.lang = "en";
    window.speechSynthesis.speak(words);
  }
}
