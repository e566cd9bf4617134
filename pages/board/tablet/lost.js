// Runs in every page's head: a script or a style sheet that did not come is asked for again, by loading the page again as
// soon as the server answers; meanwhile a sentence says so, with a button. It stands in the page's own text and can import
// nothing: its key is named in link/storage_keys.js too.
(() => {
  if (window.interspaceLost) return; // already, by the server
  const KEY = "is:lost";
  const [FIRST_MS, LONGEST_MS] = [1000, 30000]; // each time in a row it waits twice as long
  const MODULE = /dynamically imported module|importing a module script failed/i; // as browsers word it
  let lost = false;

  const show = () => {
    const place = document.createElement("p");
    place.setAttribute("role", "alert");
    place.style.cssText =
      "position:fixed;z-index:2147483647;inset:0 0 auto 0;margin:0;padding:16px 20px;display:flex;gap:16px;" +
      "align-items:center;font:600 18px/1.3 var(--f,system-ui);background:var(--amber-soft,Canvas);" +
      "color:var(--amber,CanvasText);border-bottom:2px solid";
    const button = document.createElement("button");
    button.style.cssText =
      "flex:none;min-height:48px;padding:0 20px;font:inherit;color:inherit;background:var(--card,Canvas);" +
      "border:2px solid;border-radius:10px";
    button.textContent = "Load again";
    button.onclick = () => location.reload();
    place.append("A part of this page did not come; it is asked for again. What was tapped is kept. ", button);
    (document.body ?? document.documentElement).append(place);
  };

  // Not while the server is gone: what a browser shows in its place never comes back by itself.
  /** @param {number} wait */
  const again = async (wait) => {
    const answer = await fetch("/api/health", { cache: "no-store" }).catch(() => null);
    if (answer?.ok) location.reload();
    else setTimeout(again, wait, wait);
  };

  window.interspaceLost = () => {
    if (lost) return;
    lost = true;
    const wait = Math.min(Number(sessionStorage.getItem(KEY)) || FIRST_MS, LONGEST_MS);
    sessionStorage.setItem(KEY, String(2 * wait));
    show();
    setTimeout(again, wait, wait);
  };
  setTimeout(() => lost || sessionStorage.removeItem(KEY), LONGEST_MS);

  window.addEventListener(
    "error",
    ({ target }) => {
      const address =
        target instanceof HTMLScriptElement
          ? target.src || location.href // what stands in the page itself lacks what it imports
          : target instanceof HTMLLinkElement && target.rel === "stylesheet" && target.href;
      if (address && new URL(address).origin === location.origin) window.interspaceLost?.();
    },
    true, // it rises to nobody
  );
  window.addEventListener("vite:preloadError", () => window.interspaceLost?.()); // Streamlit's own parts
  window.addEventListener("unhandledrejection", ({ reason }) => {
    if (MODULE.test(String(reason?.message))) window.interspaceLost?.();
  });
})();
