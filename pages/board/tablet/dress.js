// Runs in every page's head, before anything is painted: the theme that this tablet chose, for us and for Streamlit, and
// the last two touches, so that a second tap of one finger is known as such even when the page has changed under it.
// It stands in the page's own text and can import nothing: its two keys are named in link/storage_keys.js too.
(() => {
  if (window.interspaceTouches) return; // already, by the server
  /** @type {{ x: number, y: number, at: number }[]} */
  const touches = JSON.parse(sessionStorage.getItem("is:touches") || "[]"); // the last two
  window.addEventListener(
    "pointerdown",
    (touch) => {
      touches.push({ x: touch.clientX, y: touch.clientY, at: Date.now() });
      touches.splice(0, touches.length - 2);
      sessionStorage.setItem("is:touches", JSON.stringify(touches));
    },
    true,
  );
  window.interspaceTouches = touches;

  const root = document.documentElement;
  const chosen = localStorage.getItem("is:theme"); // "light" | "dark" | null: as the system has it
  if (chosen !== "light" && chosen !== "dark") {
    const system = matchMedia("(prefers-color-scheme: dark)");
    const follow = () => {
      if (!localStorage.getItem("is:theme")) root.dataset.theme = system.matches ? "dark" : "light";
    };
    system.addEventListener("change", follow);
    follow();
    return;
  }
  root.dataset.theme = chosen;
  const name = JSON.stringify(chosen === "dark" ? "Dark" : "Light");
  // Streamlit keeps its own choice per path and version of its key; there is no call for it.
  for (let version = 2; version <= 8; version += 1)
    localStorage.setItem(`stActiveTheme-${location.pathname}-v${version}`, name);
})();
