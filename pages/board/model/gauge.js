// How far a clock with a window has come: for the ring around it.

/** @import { Model } from "../rules/types.js" */

/**
 * `zone`: whether ending now is too fast, right, or too slow. Null for a clock without an upper bound, or not started.
 * @param {Model} model
 * @param {string} id the clock's
 * @param {number} now
 */
export function gauge({ protocol, walk }, id, now) {
  const table = protocol.clock.find((clock) => clock.id === id);
  const reading = walk.clocks.find((clock) => clock.id === id);
  const windows = protocol.window.filter((window) => window.clock === id);
  const below = windows.find((window) => window.below_s)?.below_s ?? 0;
  const above = windows.find((window) => window.above_s)?.above_s ?? null;
  const advised = windows.find((window) => window.advise_s)?.advise_s ?? null;
  if (!table || table.sum || above === null || !reading || reading.start === null) return null;
  const seconds = (reading.closed + (reading.running === null ? 0 : Math.max(0, now - reading.running))) / 1000;
  const whole = Math.floor(seconds);
  /** @type {"early" | "good" | "late"} */
  const zone = whole < below ? "early" : whole > above ? "late" : "good";
  return { seconds, below, above, advised, running: reading.running !== null, zone };
}
