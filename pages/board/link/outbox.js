// Entries that the server has not got yet, of every session on this tablet. Each has a key of its own in localStorage, so
// that two windows never overwrite each other's. An entry leaves only when it was acknowledged, or refused and set aside.

const OUT = "is:out:";
const SET_ASIDE = "is:refused:";
const live = new Map(); // the entries of this page, whatever becomes of localStorage
const memory = new Map(); // what localStorage would not take, for as long as this page lives

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

export function stored(key, otherwise = null) {
  if (memory.has(key)) return memory.get(key);
  try {
    return JSON.parse(localStorage.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

// Whether it is there after a reload; null where the storage was too full for it.
export function stands(key) {
  return memory.has(key) ? null : key in localStorage;
}

export function drop(key) {
  live.delete(key);
  memory.delete(key);
  localStorage.removeItem(key);
}

function under(prefix) {
  const keys = new Set(
    [...Object.keys(localStorage), ...memory.keys(), ...live.keys()].filter((key) => key.startsWith(prefix)),
  );
  return [...keys].map((key) => live.get(key) ?? stored(key)).filter((one) => one);
}

// Whether it is safe from a reload. Copies of what the server has make way for what it has not.
export function put(event) {
  const key = OUT + event.id;
  live.set(key, event);
  if (keep(key, event)) return true;
  const copies = Object.keys(localStorage).filter((copy) => copy.startsWith("is:log:"));
  const own = `is:log:${event.session}`; // goes last: a reload without the server needs it
  for (const copy of copies.sort((one) => (one === own ? 1 : -1))) {
    localStorage.removeItem(copy);
    if (keep(key, event)) return true;
  }
  return keep(key, event);
}

export function pending() {
  return under(OUT).sort((one, other) => one.tapped - other.tapped || one.seq - other.seq);
}

export function unsafe() {
  return [...memory.keys()].some((key) => key.startsWith(OUT) || key.startsWith(SET_ASIDE));
}

export function done(event) {
  drop(OUT + event.id);
}

export function setAside(event, why) {
  keep(SET_ASIDE + event.id, { event, why });
  drop(OUT + event.id);
}

export function aside() {
  return under(SET_ASIDE);
}

export function randomId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(10)), (byte) => byte.toString(36).padStart(2, "0")).join("");
}

// The name that the server gave this browser, else one of its own.
export function deviceName() {
  const cookie = document.cookie.split("; ").find((one) => one.startsWith("interspace_device="));
  const name = cookie ? cookie.split("=")[1] : stored("is:device") || randomId();
  if (!cookie) keep("is:device", name);
  return name;
}
