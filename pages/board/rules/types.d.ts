// What passes between the rules, the model and the screens: the log, what a walk finds, a drill. Moments are UTC ms.

import type { Action, Mark, Plan, Priority, Prompt, Protocol, Review, State } from "./tables.js";

/** An event as it is stored and sent. What `data` holds depends on the kind, and comes from any tablet. */
export interface LogEvent {
  id: string;
  session: string;
  kind: string;
  at: number; // when it happened
  tapped: number; // when it was entered
  device: string;
  seq: number;
  by: string;
  data: Record<string, any>;
  received?: number | null; // by the server
}

/** One event as it counts now: `at` and `data` with later details and amendments laid over. */
export interface Entry {
  event: LogEvent;
  at: number;
  data: Record<string, any>;
  undone: boolean;
  amended: boolean;
  double_of: string | null; // the same mark on another tablet just before: it counts once
}

/** One mark on its way through the states. `turn`: how the state knew it. */
export interface Step {
  entry: Entry;
  mark: string;
  before: string;
  after: string;
  turn: "open" | "everywhere" | "astray" | "none";
}

/** `groups` in order of first use; `runs`: how often the group changed, plus one; `reached`: groups at the limit. */
export interface Count {
  id: string;
  total: number;
  runs: number;
  groups: [string, number][];
  reached: string[];
  inferred: string[];
}

/** A clock: first start, last end, what closed intervals add up to, and since when it runs. */
export interface Reading {
  id: string;
  start: number | null;
  end: number | null;
  closed: number;
  running: number | null;
  proof: string | null; // the event that ended it last
}

/** A prompt, the event that proved it, and whether it still waits for an answer. */
export interface Raised {
  kind: string;
  at: number;
  event: string;
  group: string | null;
  count: number | null;
  bound: number | null;
  open: boolean;
}

/** Something to review; `review`: the event that looked at it. */
export interface Item {
  kind: keyof Review;
  at: number;
  event: string;
  key: string | null;
  found: any;
  state: string | null;
  review: string | null;
}

/** What the tables make of a log. */
export interface Walk {
  state: string;
  outcome: string;
  operator: string;
  recorder: string; // the device that records
  recorded_by: string;
  counts: Count[];
  clocks: Reading[];
  totals: Record<string, number>;
  prompts: Raised[];
  review: Item[];
  reviewed: Item[];
  checks: Record<string, string>; // check → the event that ticked it last
  values: Record<string, any>;
  plan: Record<string, string>;
}

/** What the board shows of a session. `over`: why nothing more is awaited, if so. */
export interface Model {
  protocol: Protocol;
  entries: Entry[];
  walk: Walk;
  state: State;
  over: string | null;
  opened: Record<string, any>;
  openedAt: number;
  phase: string;
}

/** A button of the present state; it writes one mark or several. */
export type OpenMark = (Action | ({ id: string; marks: string[] } & Mark)) & Pick<Mark, "hint" | "tone" | "rare">;

/** A plan row with the option that is chosen, if any. */
export type PlanRow = Plan & { chosen: string | undefined };

/** A prompt that waits, in words. */
export type WaitingPrompt = Raised & { table: Prompt; priority: Priority; text: string; say: string };

/** What needs attention now. `of`: what it is about, an event or a moment; `act`: the mark that ends it. */
export interface Alarm {
  id: string;
  kind: string;
  of: string;
  priority: Priority;
  text: string;
  say: string;
  since: number;
  seen: boolean;
  cue?: boolean; // sounds once and is not lit
  ahead?: boolean; // its bound is still to come
  act?: string | null;
  prompt?: WaitingPrompt;
}

/** The panel in which something is given. */
export interface PanelPlace {
  name: string;
  id?: string;
  entry?: string;
}

/** One of these ids is what a drill's step waits for. */
export interface DrillExpect {
  mark: string | null;
  complication: string | null;
  check: string | null;
  value: string | null;
}

/** `wait_s` after the `nth` mark or prompt the trouble is told; `expect` should be done `within_s`. */
export interface DrillStep {
  after: { mark: string | null; prompt: string | null; nth: number };
  wait_s: number;
  tell: string;
  expect: DrillExpect;
  within_s: number;
  source: string;
}

export interface Drill {
  id: string;
  protocol: string;
  title: string;
  about: string;
  patient: string;
  dose: number;
  step: DrillStep[];
  values: Record<string, any>;
}

/** One thing that the team was asked, and when it was done, if it was. `step` counts from 1. */
export interface Asked {
  step: number;
  tell: string;
  asked_at: number;
  done_at: number | null;
  event: string | null;
  after_s: number | null;
  late_s: number | null;
}
