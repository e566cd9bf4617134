// What a drill asked, what was done about it, how late.

import { counts } from "./log.js";

export function debrief(drill, m) {
  const left = drill.step.map((step) => step.after.nth);
  const waiting = []; // steps that nothing has answered yet, the one that was set off last at the front
  const asked = new Map();
  for (const line of m.entries.filter(counts)) {
    const place = waiting.findIndex((n) => isDone(line, drill.step[n].expect));
    if (place >= 0) {
      const [n] = waiting.splice(place, 1);
      Object.assign(asked.get(n), done(asked.get(n), drill.step[n], line));
    }
    const off = [];
    for (const [n, { after, wait_s, tell }] of drill.step.entries()) {
      left[n] -= setsOff(line, after, m.walk.prompts);
      if (left[n] > 0 || asked.has(n)) continue;
      asked.set(n, {
        step: n + 1,
        tell,
        asked_at: line.event.tapped + wait_s * 1000,
        done_at: null,
        event: null,
        after_s: null,
        late_s: null,
      });
      off.push(n);
    }
    waiting.unshift(...off);
  }
  const last = m.entries.reduce((latest, line) => Math.max(latest, line.event.tapped), 0);
  const kept = [...asked.values()].filter((one) => one.done_at !== null || m.over === null || one.asked_at <= last);
  return kept.sort((one, other) => one.asked_at - other.asked_at || one.step - other.step);
}

export const EXPECT = ["mark", "complication", "check", "value"];

export const isDone = ({ event, data }, expect) =>
  EXPECT.includes(event.kind) && (data[event.kind] ?? null) !== null && data[event.kind] === expect[event.kind];

// How many times this entry is what a step waits for.
export function setsOff({ event, data }, after, prompts) {
  if (after.prompt !== null)
    return prompts.filter((prompt) => prompt.event === event.id && prompt.kind === after.prompt).length;
  return event.kind === "mark" && data.mark === after.mark ? 1 : 0;
}

export function done({ asked_at }, { within_s }, line) {
  const seconds = Math.floor((line.at - asked_at) / 1000);
  return { done_at: line.at, event: line.event.id, after_s: seconds, late_s: Math.max(0, seconds - within_s) };
}
