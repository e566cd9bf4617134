// What needs attention now: prompts that wait, and running clocks that reached a bound. Worked out from tables, log and time
// alone, so that a tablet that slept says the same when it wakes. Silence, acknowledge and act are three things: silence is
// this tablet's, an acknowledgement is an entry, and only acting (or passing with a reason) puts an alarm out.

import { counts } from "../rules/log.js";
import { duration, fill } from "./format.js";
import { waitingPrompts } from "./model.js";

export const RANK = { high: 0, medium: 1, low: 2 };
export const byUrgency = (one, other) => RANK[one.priority] - RANK[other.priority] || other.since - one.since;

export function alarms(m, now) {
  const seen = acknowledged(m);
  const asked = waitingPrompts(m).filter((prompt) => stillAsked(m, prompt));
  const raised = [
    ...ofState(m),
    ...asked.map(ofPrompt),
    ...m.protocol.window.flatMap((window) => ofWindow(m, window, now)),
  ];
  return raised.map((alarm) => ({ ...alarm, seen: seen.has(alarm.id) })).sort(byUrgency);
}

function acknowledged({ entries: lines }) {
  return new Set(
    lines
      .filter((line) => line.event.kind === "ack" && counts(line))
      .map((line) => `${line.data.alarm} ${line.data.of}`),
  );
}

// After the end nothing is done any more: what asks for an action stays in the record alone, a question is asked until it is
// told. Of what was opened by mistake nothing is asked.
const stillAsked = ({ over, state }, { table }) => over === null || (state.final && table.action === null);

function ofPrompt(prompt) {
  return {
    id: `${prompt.kind} ${prompt.event}`,
    kind: prompt.kind,
    of: prompt.event,
    priority: prompt.priority,
    text: prompt.text,
    say: prompt.say || prompt.text,
    since: prompt.at,
    prompt,
  };
}

// A state that is itself an alarm, as long as it lasts: since the mark that led there.
function ofState({ protocol, walk, state, entries: lines, over }) {
  if (!state.alarm || over !== null) return [];
  const line = lines.findLast((one) => one.event.kind === "mark" && counts(one));
  const { priority, text, say } = state.alarm;
  const [act] = Object.keys(state.open);
  return [
    {
      id: `${walk.state} ${line.event.id}`,
      kind: walk.state,
      of: line.event.id,
      priority,
      text,
      say: say || text,
      since: line.at,
      act,
    },
  ];
}

// A window whose clock runs and has reached its bound: at the bound where less would be short, past it where more is long.
function ofWindow({ protocol, walk, over }, window, now) {
  const reading = walk.clocks.find((one) => one.id === window.clock);
  if (!window.alarm || reading.running === null || over) return [];
  const bound = (window.below_s ?? window.above_s) * 1000 + (window.above_s ? 1000 : 0);
  const since = reading.running + bound - reading.closed;
  if (now < since || (window.below_s !== null && since <= reading.running)) return []; // its least time was reached before it ran again
  const words = { bound: duration(window.below_s ?? window.above_s) };
  const { priority, text, say, cue } = window.alarm;
  const act = cue ? null : markThatEnds(protocol, walk, window);
  const of = `${reading.running}`;
  return [
    {
      id: `${window.id} ${of}`,
      kind: window.id,
      of,
      priority,
      text: fill(text, words),
      say: fill(say || text, words),
      since,
      cue,
      act,
    },
  ];
}

function markThatEnds(protocol, walk, window) {
  const { to } = protocol.clock.find((clock) => clock.id === window.clock);
  return Object.hasOwn(protocol.state[walk.state].open, to) ? to : null;
}

// How far a clock with a window has come: for the ring around it. `zone`: "early", "good" or "late".
export function gauge({ protocol, walk }, clock, now) {
  const table = protocol.clock.find((one) => one.id === clock);
  const reading = walk.clocks.find((one) => one.id === clock);
  const windows = protocol.window.filter((window) => window.clock === clock);
  const below = windows.find((window) => window.below_s)?.below_s ?? 0;
  const above = windows.find((window) => window.above_s)?.above_s ?? null;
  const advised = windows.find((window) => window.advise_s)?.advise_s ?? null;
  if (table.sum || above === null || reading.start === null) return null;
  const seconds = (reading.closed + (reading.running === null ? 0 : Math.max(0, now - reading.running))) / 1000;
  const whole = Math.floor(seconds);
  return {
    seconds,
    below,
    above,
    advised,
    running: reading.running !== null,
    zone: whole < below ? "early" : whole > above ? "late" : "good",
  };
}
