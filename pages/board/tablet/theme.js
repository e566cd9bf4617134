// One tap switches every page of this tablet between the light and the dark room.

import { THEME } from "../link/storage_keys.js";

export function dark() {
  return document.documentElement.dataset.theme === "dark"; // dress.js has set it
}

/** @param {"light" | "dark"} name */
export function wear(name) {
  document.documentElement.dataset.theme = name;
  try {
    localStorage.setItem(THEME, name);
  } catch {} // a full storage: until the next page
}

/** @param {{ parentElement: HTMLElement }} component */
export default function ({ parentElement }) {
  const button = /** @type {HTMLElement} */ (parentElement.querySelector(".theme"));
  button.textContent = dark() ? "Light screen" : "Dark room";
  button.onclick = () => {
    wear(dark() ? "light" : "dark");
    location.reload(); // Streamlit has no call for its own half of the theme
  };
}
