// One question to the server: its answer in time, or an error.

const ANSWER_MS = 8000; // a half-open line answers neither yes nor no

/**
 * @param {string} path
 * @param {object} [content] what is posted; without it the path is read
 * @returns {Promise<{ status: number, body: any, sent: number, came: number }>} `sent`, `came`: this tablet's clock
 */
export async function call(path, content) {
  const cut = new AbortController();
  const timer = setTimeout(() => cut.abort(), ANSWER_MS);
  const sent = Date.now();
  const post = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(content) };
  try {
    const answer = await fetch(path, { ...(content && post), signal: cut.signal, cache: "no-store" });
    return { status: answer.status, body: await answer.json(), sent, came: Date.now() };
  } finally {
    clearTimeout(timer);
  }
}
