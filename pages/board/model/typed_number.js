// Numbers as people type them. Twin of core/engine/typed.py.

import { expected } from "./sentences.js";

/** @import { Protocol } from "../rules/tables.js" */

const NUMBER = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)$/;
const WHOLE = /^[+-]?\d+$/;
const SHOWN_MAX = 40;

/**
 * The number that was typed for a value, null where nothing was; of what is none, a sentence with what was expected.
 * @param {Protocol} protocol
 * @param {string} key
 * @param {string} text
 * @returns {{ number: number | null, sentence: string }}
 */
export function typedNumber(protocol, key, text) {
  const value = protocol.value[key];
  const typed = text.trim();
  if (!typed) return { number: null, sentence: "" };
  const plain = value.unit && typed.endsWith(value.unit) ? typed.slice(0, -value.unit.length).trimEnd() : typed;
  const found = [...typed].slice(0, SHOWN_MAX).join("");
  if (!(value.whole ? WHOLE : NUMBER).test(plain))
    return { number: null, sentence: `${value.label}: expected ${expected(protocol, key)}; found “${found}”.` };
  return { number: Number(plain.replace(",", ".")), sentence: "" };
}
