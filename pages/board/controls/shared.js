// What the screens share: their style sheets, a protocol's tables, and a page that Streamlit does not close off.

import { keep, stored } from "../link/outbox.js";
import { TABLES } from "../link/storage_keys.js";

/** @type {Map<string, Promise<string>>} */
const sheets = new Map();

/**
 * @param {ShadowRoot} root
 * @param {string[]} names the style sheets, in the order in which they overrule each other
 */
export async function styled(root, ...names) {
  const texts = await Promise.all(names.map(textOf));
  root.adoptedStyleSheets = texts.map((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  });
}

/** @param {string} name */
function textOf(name) {
  const text = sheets.get(name) ?? fetch(new URL(`../${name}`, import.meta.url)).then((answer) => answer.text());
  sheets.set(name, text);
  return text;
}

/**
 * A protocol's tables by the hash of its text: they never change, so the tablet keeps them.
 * @param {string} hash
 * @returns {Promise<import("../rules/tables.js").Protocol>}
 */
export async function tablesOf(hash) {
  const key = TABLES + hash;
  const copy = stored(key);
  if (copy) return copy;
  const answer = await fetch(`/api/protocols/${hash}`);
  const tables = await answer.json();
  if (!answer.ok) throw new Error(tables.error);
  keep(key, tables);
  return tables;
}

// Seconds after the server is gone, Streamlit opens a dialog that makes all behind it dead to touch. These screens need no
// server: the dialog is closed as it opens, and until then not seen. Returns what ends the watch.
export function undisturbed() {
  const hidden = document.createElement("style");
  hidden.textContent = "[data-testid=stDialog] { display: none !important; }";
  document.head.append(hidden);
  const close = () => {
    /** @type {HTMLElement | null} */ (document.querySelector("[data-testid=stDialog] button"))?.click();
  };
  const watch = new MutationObserver(close);
  watch.observe(document.body, { childList: true, subtree: true });
  close();
  document.querySelector("[data-testid=stMain]")?.setAttribute("tabindex", "-1"); // a stop of the keyboard that shows nothing
  return () => {
    watch.disconnect();
    hidden.remove();
  };
}

/** @param {HTMLElement} element */
export const shadowOf = (element) => element.shadowRoot ?? element.attachShadow({ mode: "open" });
