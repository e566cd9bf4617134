// The one voice of a page: what is more urgent cuts off what is being said; what is not waits its turn.

/**
 * @typedef {object} Said
 * @property {number} rank the smaller, the more urgent
 * @property {SpeechSynthesisUtterance} words
 */

/** @type {Said[]} */
let waiting = []; // what is being said, and what comes after it

/**
 * @param {string} text
 * @param {number} rank
 * @param {(error: string | null) => void} [heard] called as it begins, or with the error
 */
export function say(text, rank, heard = () => {}) {
  const words = new SpeechSynthesisUtterance(text.replaceAll("–", " "));
  words.lang = document.documentElement.lang || "en";
  const said = { rank, words };
  const over = () => {
    waiting = waiting.filter((other) => other !== said);
  };
  words.onstart = () => heard(null);
  words.onend = over;
  words.onerror = ({ error }) => {
    over();
    heard(error);
  };
  const urgent = waiting.filter((other) => other.rank <= rank);
  if (urgent.length < waiting.length) {
    hush();
    waiting = urgent;
    for (const other of urgent) window.speechSynthesis.speak(other.words);
  }
  waiting.push(said);
  window.speechSynthesis.speak(words);
}

export function hush() {
  waiting = [];
  window.speechSynthesis?.cancel();
}
