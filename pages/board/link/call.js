// One question to the server: its answer in time, or an error.

const ANSWER_MS = 8000; // a half-open line answers neither yes nor no
const VERSION = "Interspace-Version"; // every answer of Interspace has it
const TURNED_AWAY = [401, 403, 407, 511]; // by something that stands before Interspace

/** What answered is not Interspace: the sign-in of the proxy before it ran out. */
export class SignedOut extends Error {}

/**
 * @param {string} path
 * @param {object} [content] what is posted; without it the path is read
 * @returns {Promise<{ status: number, body: any, program: string | null, sent: number, came: number }>} `program`: the
 *   server's version; `sent`, `came`: ms since the page was loaded
 */
export async function call(path, content) {
  const cut = new AbortController();
  const timer = setTimeout(() => cut.abort(), ANSWER_MS);
  const sent = performance.now();
  const post = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(content) };
  try {
    const options = /** @type {RequestInit} */ ({ signal: cut.signal, cache: "no-store", redirect: "manual" });
    const answer = await fetch(path, { ...(content && post), ...options });
    const program = answer.headers.get(VERSION);
    const body = program === null ? await foreign(answer) : await answer.json();
    return { status: answer.status, body, program, sent, came: performance.now() };
  } finally {
    clearTimeout(timer);
  }
}

/**
 * What an answer without a version says: an older server's is read all the same. Interspace leads nowhere else and
 * answers no question with a page.
 * @param {Response} answer
 */
async function foreign(answer) {
  const { status, type } = answer;
  if (type === "opaqueredirect" || TURNED_AWAY.includes(status)) throw new SignedOut();
  if (status >= 400) return answer.json();
  return answer.json().catch(() => {
    throw new SignedOut();
  });
}

/** Where the proxy asks for the sign-in; then it leads back to this page. */
export const signInAddress = () => `/signed-in?to=${encodeURIComponent(location.pathname + location.search)}`;
