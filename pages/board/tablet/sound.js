// How an alarm sounds, is spoken and felt. Patterns after IEC 60601-1-8: pulses and pauses tell the priority by ear.

import { keep, stored } from "../link/outbox.js";
import { SOUND, SPEECH } from "../link/storage_keys.js";
import { RANK } from "../model/prompts.js";
import { hush, say } from "./voice.js";

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

const FRESH_MS = 2500; // what the server said so long ago holds
const STANDS_MS = 3000; // a clock of the sound that stands still for so long is not heard
/** @type {Pattern} */
const SWITCHED_ON = { pitch: 520, at: [0], length: 0.15, again: null, feel: [] };
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
  /** @type {{ time: number, at: number } | null} */
  heard = null; // the clock of the sound, and when it was last seen to go on (ms, this page's clock)
  stands = false;
  /** @type {Promise<void> | null} */
  asking = null; // the server, before a hidden page rings
  asked = -Infinity;
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
    return this.wanted && this.context?.state === "running" && !this.stands;
  }

  /**
   * Some browsers say that sound runs while its clock stands still: then nothing is heard.
   * @param {number} now
   */
  listen(now) {
    const { context, heard } = this;
    if (!context || context.state !== "running") this.heard = null;
    else if (!heard || context.currentTime !== heard.time) this.heard = { time: context.currentTime, at: now };
    this.stands = this.heard !== null && now - this.heard.at > STANDS_MS;
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
    else if (!was) this.play(SWITCHED_ON); // the finger that landed has switched it on
  }

  toggle() {
    this.wanted = !this.on;
    keep(SOUND, this.wanted);
    if (!this.wanted) {
      this.context?.suspend();
      return;
    }
    [this.heard, this.stands] = [null, false];
    this.unlock();
    this.play(SWITCHED_ON);
  }

  toggleSpeech() {
    this.speech = !this.speech;
    keep(SPEECH, this.speech);
    if (this.speech) this.say("Speech is on.", RANK.low);
    else hush();
  }

  silence() {
    this.silentUntil = performance.now() + SILENCE_MS;
    hush();
  }

  // What is heard now is what an alarm would be heard as: nobody can ask a tablet how loud it is.
  try() {
    this.unlock();
    this.play(PATTERNS.low);
    this.say("This is how an alarm sounds.", RANK.low);
  }

  /**
   * Whether `attend` would sound or speak.
   * @param {Alarm[]} alarms
   */
  anyDue(alarms) {
    return alarms.some((alarm) => !alarm.seen && this.due(alarm, performance.now()));
  }

  /**
   * Called often: plays what is due.
   * @param {Alarm[]} alarms
   * @param {boolean} old whether they were there when the page opened: then they are not sounded as if new
   */
  attend(alarms, old) {
    const now = performance.now();
    this.listen(now);
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
    this.say(sentences.join(" "), RANK[first ?? "low"]);
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
    if (pattern.feel.length && navigator.userActivation?.hasBeenActive !== false) navigator.vibrate?.(pattern.feel); // a browser allows it after a first touch
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

  /**
   * @param {string} text
   * @param {number} rank
   */
  say(text, rank) {
    if (this.speech && text && window.speechSynthesis) say(text, rank);
  }
}

/**
 * Sounds what is due. A page that is hidden has not heard what other tablets did: it asks the server before it rings,
 * and rings without an answer too.
 * @param {Sound} sound
 * @param {Alarm[]} alarms
 * @param {boolean} old as in `Sound.attend`
 * @param {() => Promise<void>} ask brings the page up to date
 */
export function attend(sound, alarms, old, ask) {
  if (!document.hidden || !sound.anyDue(alarms) || performance.now() - sound.asked < FRESH_MS) {
    sound.attend(alarms, old);
    return;
  }
  sound.asking ??= ask().finally(() => {
    [sound.asked, sound.asking] = [performance.now(), null];
  });
}
