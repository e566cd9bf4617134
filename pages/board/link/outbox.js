// Entries that the server has not got yet, of every session on this tablet. Each has a key of its own in localStorage, so
// that two windows never overwrite each other's. An entry leaves only when it was acknowledged, or refused and set aside.

import { DEVICE, LOG, OUTBOX, REFUSED } from "./storage_keys.js";

/**
 * @import { LogEvent } from "../rules/types.js"
 *
 * @typedef {{ event: LogEvent, why: string }} Refusal
 */

/** @type {Map<string, any>} */
const live = new Map(); // the entries of this page, whatever becomes of localStorage
/** @type {Map<string, any>} */
const memory = new Map(); // what localStorage would not take, for as long as this page lives

/**
 * Whether it is there after a reload.
 * @param {string} key
 * @param {unknown} value
 */
export function keep(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    memory.delete(key);
    return true;
  } catch {
    memory.set(key, value);
    return false;
  }
}

/**
 * @param {string} key
 * @param {any} [otherwise]
 * @returns {any}
 */
export function stored(key, otherwise = null) {
  if (memory.has(key)) return memory.get(key);
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null") ?? otherwise;
  } catch {
    return otherwise;
  }
}

/**
 * Whether it is there after a reload; null where the storage was too full for it.
 * @param {string} key
 */
export function stands(key) {
  return memory.has(key) ? null : key in localStorage;
}

/** @param {string} key */
export function drop(key) {
  live.delete(key);
  memory.delete(key);
  localStorage.removeItem(key);
}

/** @param {string} prefix */
function under(prefix) {
  const keys = new Set(
    [...Object.keys(localStorage), ...memory.keys(), ...live.keys()].filter((key) => key.startsWith(prefix)),
  );
  return [...keys].map((key) => live.get(key) ?? stored(key)).filter((content) => content);
}

/**
 * Whether it is safe from a reload. Copies of what the server has make way for what it has not.
 * @param {LogEvent} event
 */
export function put(event) {
  const key = OUTBOX + event.id;
  live.set(key, event);
  if (keep(key, event)) return true;
  const copies = Object.keys(localStorage).filter((copy) => copy.startsWith(LOG));
  const own = LOG + event.session; // goes last: a reload without the server needs it
  for (const copy of copies.sort((first) => (first === own ? 1 : -1))) {
    localStorage.removeItem(copy);
    if (keep(key, event)) return true;
  }
  return keep(key, event);
}

/**
 * What waits, in the order in which it was entered.
 * @returns {LogEvent[]}
 */
export function pending() {
  return under(OUTBOX).sort((first, second) => first.tapped - second.tapped || first.seq - second.seq);
}

/** Whether a reload would lose an entry. */
export function unsafe() {
  return [...memory.keys()].some((key) => key.startsWith(OUTBOX) || key.startsWith(REFUSED));
}

/** @param {LogEvent} event */
export function acknowledged(event) {
  drop(OUTBOX + event.id);
}

/**
 * @param {LogEvent} event
 * @param {string} why
 */
export function setAside(event, why) {
  keep(REFUSED + event.id, { event, why });
  drop(OUTBOX + event.id);
}

/** @returns {Refusal[]} */
export function refusals() {
  return under(REFUSED);
}

export function randomId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(10)), (byte) => byte.toString(36).padStart(2, "0")).join("");
}

/**
 * The name that the server gave this browser, else one of its own (tablet/dress.js sees to its cookie).
 * @returns {string}
 */
export function deviceName() {
  const cookie = document.cookie.split("; ").find((pair) => pair.startsWith("interspace_device="));
  const name = cookie ? cookie.split("=")[1] : stored(DEVICE) || randomId();
  if (stored(DEVICE) !== name) keep(DEVICE, name);
  return name;
}
