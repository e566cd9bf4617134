// What a scanner types of a vial's code: GS1 element strings (gs1.org, General Specifications, 3.2), with or without
// brackets, parted by the sign GS where an element has no fixed length.

/** @import { Protocol } from "../rules/tables.js" */

const GS = "\u001d";
const SYMBOLOGY = /^\](?:d2|C1|Q3|e0|J1)/; // what some scanners put before a code
/** @type {Record<string, number>} */
const FIXED = { "00": 18, "01": 14, "02": 14, 11: 6, 12: 6, 13: 6, 15: 6, 16: 6, 17: 6, 20: 2 };
const BRACKETS = /\((\d{2,4})\)/g;
const PLAIN = /^01\d{14}(?:1[0-7]|21)/; // no sign of it but its form

/**
 * @typedef {object} Scanned
 * @property {string} [lot]
 * @property {string} [expiry] as 2026-12-31; without a day the last of the month
 * @property {string} [gtin]
 */

/**
 * What is recorded where this was typed for a value: of a scanned code each part, as the protocol takes them.
 * @param {Protocol} protocol
 * @param {string} id
 * @param {unknown} typed
 */
export function valuesOf({ value }, id, typed) {
  const scanned = value[id].scan && typeof typed === "string" ? gs1(typed) : null;
  const parts = Object.entries(scanned ?? {}).flatMap(([part, content]) =>
    Object.keys(value)
      .filter((key) => value[key].scan === part)
      .map((key) => ({ value: key, is: /** @type {unknown} */ (content) })),
  );
  return parts.length ? parts : [{ value: id, is: typed }];
}

/**
 * The parts of a code; null where the text is none.
 * @param {string} text
 * @returns {Scanned | null}
 */
export function gs1(text) {
  const typed = text.trim().replace(SYMBOLOGY, "");
  const coded = typed !== text.trim() || typed.includes(GS) || /^\(\d{2,4}\)/.test(typed) || PLAIN.test(typed);
  if (!coded) return null;
  const parts = new Map(typed.replace(BRACKETS, `${GS}$1`).split(GS).flatMap(elements));
  const [lot, expiry, gtin] = [parts.get("10"), dayOf(parts.get("17")), parts.get("01")];
  const scanned = { ...(lot && { lot }), ...(expiry && { expiry }), ...(gtin && { gtin }) };
  return Object.keys(scanned).length ? scanned : null;
}

/**
 * The elements of what stands between two signs: those of fixed length follow each other, another is the rest.
 * @param {string} piece
 * @returns {[string, string][]}
 */
function elements(piece) {
  const rest = piece.trim();
  if (rest.length < 3) return [];
  const id = rest.slice(0, 2);
  const end = id in FIXED ? 2 + FIXED[id] : rest.length;
  return [[id, rest.slice(2, end)], ...elements(rest.slice(end))];
}

/**
 * yymmdd, within fifty years of now; dd 00 means the end of the month.
 * @param {string | undefined} digits
 */
function dayOf(digits) {
  if (!digits || !/^\d{6}$/.test(digits)) return "";
  const [year, month, day] = [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4)];
  if (+month < 1 || +month > 12 || +day > 31) return "";
  const century = +year > 75 ? "19" : "20";
  const last = new Date(Date.UTC(+`${century}${year}`, +month, 0)).getUTCDate();
  return `${century}${year}-${month}-${day === "00" ? last : day}`;
}
