// For pages without a board: tells Streamlit when any session changed, and sends what still waits on this tablet.

import { done, pending, setAside } from "./outbox.js";

const QUIET_MS = 250; // several taps make one rerun
const RETRY_MS = 3000;
const ANSWER_MS = 8000; // a half-open line answers neither yes nor no

async function send(place) {
  const waiting = pending();
  place.textContent = waiting.length ? `${waiting.length} ${waiting.length === 1 ? "entry" : "entries"} on this tablet not saved yet` : "";
  if (!waiting.length) return;
  const session = waiting[0].session;
  const batch = waiting.filter((event) => event.session === session).slice(0, 100);
  const answer = await fetch(`/api/sessions/${session}/taps`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ events: batch }), signal: AbortSignal.timeout(ANSWER_MS) });
  const { acked = [], refused = [], error } = await answer.json();
  const why = new Map(refused.map((one) => [one.id, one.why]));
  for (const event of batch) {
    if (acked.includes(event.id)) done(event);
    else if (why.has(event.id)) setAside(event, why.get(event.id));
  }
  if (acked.length || refused.length) return send(place);
  place.textContent += error ? `: ${error}` : "";
}

const places = new WeakMap();

export default function ({ parentElement, setTriggerValue }) {
  const place = parentElement.querySelector(".pulse");
  if (places.has(place)) return places.get(place);
  let timer = null;
  const stream = new EventSource("/api/events");
  stream.onmessage = () => {
    clearTimeout(timer);
    timer = setTimeout(() => setTriggerValue("changed", Date.now()), QUIET_MS);
  };
  let sending = null; // one at a time: requests that are never answered would pile up and block all others
  const post = () => (sending ??= send(place).catch(() => {}).finally(() => (sending = null)));
  post();
  const again = setInterval(post, RETRY_MS);
  const end = () => (stream.close(), clearInterval(again), clearTimeout(timer));
  places.set(place, end);
  return end;
}
