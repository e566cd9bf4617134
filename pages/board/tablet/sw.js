// The service worker: keeps the board's own files on the tablet and answers for the server when it is gone. It caches no
// page of the server and no data; the board brings its own copy of the log. The server puts FILES and VERSION before this
// text (worker.d.ts).

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const SHELL = `interspace-${VERSION}`;
const PATIENCE_MS = 3000; // a half-open line answers neither yes nor no
const REMEMBER_MS = 10000;
const NAMES_PROGRAM = "Interspace-Version"; // every answer of Interspace has it
let silent = -Infinity; // when the server last gave no answer
const PAGES = new Map([
  ["/bedside", "/board/bedside/bare.html"],
  ["/room", "/board/room/bare.html"],
  ["/recovery", "/board/recovery/bare.html"],
]);

worker.addEventListener("install", (event) => event.waitUntil(keepAll().then(() => worker.skipWaiting())));
worker.addEventListener("activate", (event) => event.waitUntil(dropOld().then(() => worker.clients.claim())));

async function keepAll() {
  const cache = await caches.open(SHELL);
  await cache.addAll(FILES.map((file) => new Request(file, { cache: "reload" })));
}

async function dropOld() {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith("interspace-") && name !== SHELL).map((name) => caches.delete(name)),
  );
}

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== worker.location.origin) return;
  const standIn = request.mode === "navigate" ? PAGES.get(pathname) : pathname.startsWith("/board/") ? pathname : null;
  if (standIn) event.respondWith(answered(request, standIn));
});

/**
 * A page whose server was silent gets its files from the tablet without waiting for each in turn.
 * @param {Request} request
 * @param {string} standIn
 */
async function answered(request, standIn) {
  if (request.mode !== "navigate" && Date.now() - silent < REMEMBER_MS) return fromTablet(standIn);
  try {
    return await fromServer(request);
  } catch {
    silent = Date.now();
    return fromTablet(standIn);
  }
}

/**
 * The server's answer if it comes in time and is one: the sign-in page of a proxy is none, the board on the tablet has a
 * way there.
 * @param {Request} request
 */
async function fromServer(request) {
  const cut = new AbortController();
  const timer = setTimeout(() => cut.abort(), PATIENCE_MS);
  try {
    const page = request.mode === "navigate" && new Request(request.url, { headers: { Accept: "text/html" } });
    const answer = await fetch(page || request, { signal: cut.signal, redirect: "manual" });
    if (answer.status >= 500 || !answer.headers.has(NAMES_PROGRAM)) throw new Error("it is not the server's answer");
    return answer;
  } finally {
    clearTimeout(timer);
  }
}

/** @param {string} path */
async function fromTablet(path) {
  const cache = await caches.open(SHELL);
  return (await cache.match(path)) ?? Response.error();
}
