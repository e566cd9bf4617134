// What the recovery board's parts pass to each other.

import type { Alarm } from "../rules/types.js";
import type { Tap } from "../controls/types.js";
import type { Patient } from "./patient.js";

/** An alarm that names its patient; `original`: as it is in the session. */
export type WardAlarm = Alarm & { original: Alarm; patient: Patient };

export interface Chip {
  label: string;
  content?: any; // what it records
  tapped: (tap: Tap) => void;
  on?: boolean; // whether this is the answer so far
}

/** How a question is answered: by one tap, or in words. */
export interface Editor {
  chips: Chip[];
  write: ((text: string, tap: Tap) => void) | null;
}

export interface Ask extends Editor {
  id: string;
  text: string;
}

/** A row of a card. `id`: the ask's, else the sentence itself. */
export interface Row {
  kind: "flag" | "review" | "ask";
  id: string;
}

/** What a card says at a moment. */
export interface Face {
  status: string;
  seen: boolean;
  title: string;
  sub: string;
  lacks: string;
  flags: string[];
  width: string | null;
  big: string;
  small: string;
  early: boolean;
}
