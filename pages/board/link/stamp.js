// A new entry as it is kept and sent: with an id, a stamp and a number of its own.

import { keep, randomId, stored } from "./outbox.js";
import { LAST } from "./storage_keys.js";

/** @import { LogEvent } from "../rules/types.js" */

const STEADY_MS = 2000; // a larger step back is a clock that was wrong before

/**
 * @param {Pick<LogEvent, "session" | "kind" | "data" | "by" | "device">} content
 * @param {number} stamp when it was entered
 * @param {number} [at] when it happened, if earlier
 * @returns {LogEvent}
 */
export function stamped(content, stamp, at) {
  const last = stored(LAST, { tapped: 0, seq: 0 });
  const behind = last.tapped - stamp; // a small correction of the clock must not turn the order of taps round
  const tapped = behind > 0 && behind < STEADY_MS ? last.tapped : stamp;
  const seq = last.seq + 1;
  keep(LAST, { tapped, seq });
  return wellFormed({ id: randomId(), ...content, at: Math.min(at ?? tapped, tapped), tapped, seq });
}

/**
 * Half a character cannot be sent as text: it becomes the sign for one that is missing.
 * @param {LogEvent} event
 * @returns {LogEvent}
 */
function wellFormed(event) {
  return JSON.parse(
    JSON.stringify(event, (_, content) =>
      typeof content === "string" ? (content.toWellFormed?.() ?? content) : content,
    ),
  );
}
