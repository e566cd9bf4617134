// The tables of a protocol as the board gets them (the JSON of core.protocols.wording.plain). What a key means is said once,
// in core/protocols/tables.py; tests/protocols/test_board_types.py holds that both name the same keys.

export type Priority = "high" | "medium" | "low";

export interface Recording {
  two_devices_s: number;
  same_tablet_s: number;
  source: string;
  late_h: number;
  ahead_s: number;
  arrival_source: string;
}

export interface Ward {
  forgotten_h: number;
  left_h: number;
  source: string;
}

export interface Phase {
  label: string;
  short: string;
  headline: string[];
  ward: boolean;
}

export interface Check {
  phase: string;
  label: string;
  source: string;
}

export interface Option {
  id: string;
  label: string;
  short: string;
  warn: string;
}

export interface Value {
  label: string;
  type: "number" | "text" | "option" | "yesno" | "moment";
  phase: string | null;
  unit: string;
  min: number | null;
  max: number | null;
  step: number | null;
  whole: boolean;
  usual: number | null;
  ask: boolean;
  amber_below: number | null;
  red_below: number | null;
  options: Option[];
  options_of: string | null;
  scan: "" | "lot" | "expiry" | "gtin";
  source: string;
}

export interface Mark {
  label: string;
  short: string;
  hint: string;
  needs: string[];
  may: string[];
  why: string;
  rare: boolean;
  tone: "" | "stop";
}

export interface Action {
  id: string;
  label: string;
  marks: string[];
}

export interface Alarm {
  priority: Priority;
  text: string;
  say: string;
  cue: boolean;
}

export interface State {
  label: string;
  phases: string[];
  open: Record<string, string>;
  astray: Record<string, string>;
  rare: string[];
  near?: Record<string, string[]>; // absent from tables that a tablet has kept from an older version
  final: boolean;
  alarm: Alarm | null;
}

export interface Counter {
  id: string;
  label: string;
  counts: string;
  source: string;
  per: string | null;
  of: string | null;
  in_turn: boolean;
  out: string[];
  infer: string[];
  infer_until: string[];
  until: string[];
  runs: string | null;
  limit: number | null;
  repeats: boolean;
  unit: string;
  prompt: string | null;
  groups: number | null;
  groups_unit: string;
  groups_prompt: string | null;
}

export interface Clock {
  id: string;
  label: string;
  from: string;
  to: string;
  source: string;
  until: string[];
  sum: boolean;
  restart: boolean;
  hidden: boolean;
  amount: string | null;
}

export interface Window {
  id: string;
  clock: string;
  source: string;
  below_s: number | null;
  above_s: number | null;
  advise_s: [number, number] | null;
  prompt: string | null;
  alarm: Alarm | null;
  warn_s: number | null;
  warning: Alarm | null;
}

export interface Ceiling {
  when: string;
  at_least: number;
  limit: number;
  per_limit: number | null;
  prompt: string;
  source: string;
}

export interface Total {
  id: string;
  label: string;
  mark: string;
  key: string;
  factor: number;
  unit: string;
  source: string;
  per: string | null;
  per_unit: string;
  no_ceiling: string;
  ceiling: Ceiling[];
}

export interface Prompt {
  label: string;
  text: string;
  priority: Priority;
  say: string;
  suggested: string;
  action: string | null;
  clears: string[];
  other_group: string | null;
  once: boolean;
  until: string[];
  reasons: string[];
  pass: string;
}

export interface Outcome {
  id: string;
  label: string;
  rank: number;
  marks: string[];
  until: string[];
  closed: boolean;
}

export interface Plan {
  key: string;
  on: string;
  change: string | null;
  bar: string | null;
  bar_why: string | null;
}

export interface Expect {
  id: string;
  label: string;
  before: string;
  why: string;
  source: string;
  mark: string | null;
  check: string | null;
  value: string | null;
  anew: string[];
  given: string[];
}

export interface Fit {
  key: string;
  with: string;
  allowed: Record<string, string[]>;
  why: string;
  source: string;
}

export interface Flag {
  id: string;
  label: string;
  value: string;
  is: string;
  source: string;
  needs: string | null;
}

export interface Caution {
  value: string;
  at: string;
  prompt: string;
  source: string;
  below: number | null;
  above: number | null;
  is: string | null;
  yes: boolean | null;
  is_not: string | null;
  equals: string | null;
  differs: string | null;
  day_past: boolean;
  when: string | null;
  when_is: string | null;
}

export interface Suggest {
  key: string;
  reason: string;
  source: string;
  last: string | null;
  value: string | null;
  is: string | null;
}

export interface Medication {
  id: string;
  label: string;
  route: string;
  marks: string[];
  amount: string;
  source: string;
  halted: string[];
  clock: string | null;
  named: string | null;
  lot: string | null;
  about: string[];
}

export interface Complication {
  label: string;
  source: string;
  follow_up_only: boolean;
  words: boolean;
  do: string;
}

export interface Observe {
  complication: string | null;
  check: string | null;
}

export interface RedFlag {
  complication: string;
  do: string;
  source: string;
  value: string | null;
  is: string | null;
}

export interface Score {
  value: string;
  untested: string | null;
}

export interface FollowUp {
  id: string;
  label: string;
  after: string[];
  hours: number;
  unit: "h";
  source: string;
  late_hours: number | null;
  lapses_hours: number | null;
  tries: number | null;
  tries_unit: string;
  made: string | null;
  tried: string | null;
  value: string | null;
  is: string | null;
  left_out: string | null;
}

export interface Reached {
  label: string;
  reached: string;
  counter: string;
  most: number;
  unit: string;
  source: string;
  never: string[];
}

export interface Evidence {
  p0: number;
  p1: number;
  horizon: number;
  false_adequate: number;
  unit: string;
  source: string;
}

export interface Curve {
  figures: string[];
  hand_over: "left_out" | "first" | "last";
  hand_over_source: string;
  running: number;
  experience: number[];
  unit: string;
  source: string;
  success: Reached;
  evidence: Evidence;
  filters: string[];
}

export interface Review {
  out_of_order: string;
  missing: string;
  not_offered: string;
  out_of_range: string;
  wrong_type: string;
  unknown: string;
  double: string;
  former_recorder: string;
  arrived_late: string;
  clock_ahead: string;
  inferred: string;
  to_come: string;
  no_target: string;
  missing_evidence: string;
  too_late: string;
  does_not_fit: string;
}

export interface Protocol {
  id: string;
  version: string;
  title: string;
  short: string;
  region: string;
  schema: number;
  order: number;
  prefix: string;
  levels: string[];
  recall: string[];
  start: string;
  group: string;
  operator_mark: string;
  handover: string | null;
  everywhere: string[];
  opening: string[];
  dosed: string[];
  bed: string | null;
  profile: string | null;
  describe: string[];
  ask: string[];
  source: Record<string, string>;
  recording: Recording;
  ward: Ward;
  review: Review;
  phase: Record<string, Phase>;
  check: Record<string, Check>;
  value: Record<string, Value>;
  mark: Record<string, Mark>;
  state: Record<string, State>;
  prompt: Record<string, Prompt>;
  complication: Record<string, Complication>;
  action: Action[];
  counter: Counter[];
  clock: Clock[];
  window: Window[];
  total: Total[];
  outcome: Outcome[];
  plan: Plan[];
  suggest: Suggest[];
  expect: Expect[];
  fit: Fit[];
  flag: Flag[];
  caution: Caution[];
  observe: Observe[];
  red_flag: RedFlag[];
  score: Score[];
  follow_up: FollowUp[];
  medication: Medication[];
  curve: Curve | null;
}
