// What the screens draw, and what a control may ask of the screen on which it stands.

import type { Awake } from "../tablet/awake.js";
import type { Tap } from "../tablet/finger.js";
import type { Offline } from "../tablet/offline.js";
import type { Pedal } from "../tablet/pedal.js";
import type { Sound } from "../tablet/sound.js";
import type { Drill } from "../rules/types.js";
import type { Taps } from "./taps.js";

export type Attributes = {
  key?: string | null;
  onclick?: ((tap: MouseEvent) => void) | null;
  onpointerdown?: (tap: PointerEvent) => void;
  oninput?: (event: Event & { target: HTMLInputElement }) => void;
  onkeydown?: (key: KeyboardEvent) => void;
  oncontextmenu?: (tap: MouseEvent) => void;
} & Record<string, any>;

/** An element to be drawn. `key`: its own among its siblings, so that it stays the same element wherever it stands. */
export interface Drawing {
  tag: string;
  props: Attributes;
  children: (Drawing | string | number)[];
}

export type Content = Drawing | string | number | boolean | null | undefined | Content[];

/** The panel that is open, and what it is about. */
export type Panel = { name: string; id?: string } & Record<string, any>;

/** The bedside board, as the panels that set this tablet know it. */
export type Screen = Taps & {
  sound: Sound;
  pedal: Pedal;
  awake: Awake;
  offline: Offline;
  drill: Drill | null;
  setting: (change: () => void) => void;
  theme: (name: "light" | "dark") => void;
};

export type { Tap };
