// Copies a text with one tap, and prints: the report's own buttons, and the button of a Streamlit page.

/** Puts a text on the clipboard; plain http has no clipboard of its own, so there an old way is taken. */
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

/** A button that copies and says so. */
function copies(button, text) {
  const label = button.textContent;
  button.onclick = () =>
    copy(text())
      .then(
        () => (button.textContent = "Copied"),
        () => (button.textContent = "Could not be copied"),
      )
      .finally(() => setTimeout(() => (button.textContent = label), 2500));
}

for (const button of document.querySelectorAll("[data-copy]"))
  copies(button, () => document.getElementById(button.dataset.copy).textContent);
for (const button of document.querySelectorAll("[data-print]")) button.onclick = () => print();

/** Streamlit: `data` is the text; called again whenever it changes. */
export default function show({ parentElement, data }) {
  const button = parentElement.querySelector("button");
  button.setAttribute("aria-live", "polite");
  copies(button, () => data);
}
