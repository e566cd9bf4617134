// Copies a text with one tap, and prints: the report's own buttons, and the button of a Streamlit page.

/**
 * Puts a text on the clipboard; plain http has no clipboard of its own, so there an old way is taken.
 * @param {string} text
 */
export async function copy(text) {
  if (navigator.clipboard?.writeText && window.isSecureContext) return navigator.clipboard.writeText(text);
  const place = Object.assign(document.createElement("textarea"), { value: text });
  place.style.cssText = "position:fixed;opacity:0";
  document.body.append(place);
  place.select();
  const done = document.execCommand("copy");
  place.remove();
  if (!done) throw new Error("the browser did not copy");
}

/**
 * Makes a button copy a text and say so.
 * @param {HTMLElement} button
 * @param {() => string} text
 */
function copies(button, text) {
  const label = button.textContent;
  /** @param {string | null} words */
  const say = (words) => {
    button.textContent = words;
  };
  button.onclick = () =>
    copy(text())
      .then(
        () => say("Copied"),
        () => say("Could not be copied"),
      )
      .finally(() => setTimeout(() => say(label), 2500));
}

for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-copy]")))
  copies(button, () => document.getElementById(button.dataset.copy ?? "")?.textContent ?? "");
for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-print]")))
  button.onclick = () => print();

/**
 * Streamlit: `data` is the text; called again whenever it changes.
 * @param {{ parentElement: HTMLElement, data: string }} component
 */
export default function show({ parentElement, data }) {
  const button = /** @type {HTMLElement} */ (parentElement.querySelector("button"));
  button.setAttribute("aria-live", "polite");
  copies(button, () => data);
}
