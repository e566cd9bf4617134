// What the screens share: their style sheets, and a page that Streamlit does not close off.

const ANSWER_MS = 8000; // a half-open line answers neither yes nor no
const RETRY_MS = 1000;
/** @type {Map<string, Promise<string>>} */
const sheets = new Map();

/**
 * Waits for all of them: a board without its style cannot be read.
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
  const text = sheets.get(name) ?? load(new URL(`../${name}`, import.meta.url));
  sheets.set(name, text);
  return text;
}

/**
 * Asked for until it comes; after the second time the page says so.
 * @param {URL} address
 * @returns {Promise<string>}
 */
async function load(address) {
  for (let times = 1; ; times += 1) {
    const answer = await fetch(address, { signal: AbortSignal.timeout(ANSWER_MS) }).catch(() => null);
    if (answer?.ok && answer.headers.get("Content-Type")?.startsWith("text/css")) return answer.text();
    if (times > 1) window.interspaceLost?.();
    await new Promise((resume) => setTimeout(resume, RETRY_MS));
  }
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
