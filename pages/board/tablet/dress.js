// Runs in every page's head, before anything is painted: the theme that this tablet chose, for us and for Streamlit; the
// last two touches, so that a second tap of one finger is known as such even when the page has changed under it; whether
// anything was typed, before any module is there to hear it; and the tablet's name, where the server gave none. It
// stands in the page's own text and can import nothing: its keys are named in link/storage_keys.js too.
(() => {
  if (window.interspaceTouches) return; // already, by the server
  /** @type {{ x: number, y: number, at: number }[]} */
  const touches = JSON.parse(sessionStorage.getItem("is:touches") || "[]"); // the last two
  window.addEventListener(
    "pointerdown",
    (touch) => {
      touches.push({ x: touch.clientX, y: touch.clientY, at: performance.timeOrigin + performance.now() });
      touches.splice(0, touches.length - 2);
      sessionStorage.setItem("is:touches", JSON.stringify(touches));
    },
    true,
  );
  window.interspaceTouches = touches;
  document.addEventListener("input", () => (window.interspaceTyped = true), true);

  // A page that was opened by a link from another site may come without a name: this tablet's own, or a new one.
  if (!/(^|; )interspace_device=/.test(document.cookie)) {
    const own = JSON.parse(localStorage.getItem("is:device") || "null");
    const letters = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0"));
    // biome-ignore lint/suspicious/noDocumentCookie: the other way exists over https alone
    document.cookie = `interspace_device=${own || letters.join("")}; Path=/; Max-Age=31536000; SameSite=Lax`;
  }

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
