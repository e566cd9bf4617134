// The protocols' tables by the hash of their text: asked for until they are here, and kept on the tablet.

import { call } from "../link/call.js";
import { drop, keep, stored } from "../link/outbox.js";
import { SHAPE } from "../link/program.js";
import { TABLES, tablesKey } from "../link/storage_keys.js";
import { alarms } from "../model/alarms.js";
import { modelOf } from "../model/model.js";

/** @import { Protocol } from "../rules/tables.js" */

const RETRY_MS = 2000;
const ANOTHER_PROGRAM = 409;

export class Tables {
  /** @type {Map<string, Protocol>} */
  known = new Map();
  /** @type {Set<string>} */
  asking = new Set(); // hashes
  /** @type {Map<string, string>} */
  problems = new Map(); // hash → why the server did not give them; "" where it could not be asked
  outdated = false; // whether the server gives tables to another program only
  stopped = false;
  /** @type {Set<number>} */
  retries = new Set();

  /** @param {() => void} onLearned */
  constructor(onLearned) {
    this.onLearned = onLearned;
  }

  stop() {
    this.stopped = true;
    for (const retry of this.retries) clearTimeout(retry);
  }

  /**
   * What is known of them now; what is not here comes later.
   * @param {string | null} hash
   */
  of(hash) {
    if (!hash) return null;
    const copy = this.known.get(hash) ?? usable(tablesKey(hash));
    if (copy) this.known.set(hash, copy);
    else this.ask(hash);
    return copy;
  }

  // Whether none are awaited for the first time.
  get complete() {
    return [...this.asking].every((hash) => this.problems.has(hash));
  }

  /**
   * A sentence, where the server did not give them.
   * @param {string | null} hash
   */
  problem(hash) {
    return this.problems.get(hash ?? "") || null;
  }

  /** @param {string} hash */
  async ask(hash) {
    if (this.asking.has(hash) || this.stopped) return;
    this.asking.add(hash);
    const problem = await this.load(hash).catch(() => "");
    if (this.stopped) return;
    if (problem === null) {
      this.problems.delete(hash);
      this.asking.delete(hash);
    } else {
      this.problems.set(hash, problem);
      this.keepOld(hash);
      this.retries.add(setTimeout(() => this.again(hash), RETRY_MS));
    }
    this.onLearned();
  }

  /** @param {string} hash */
  again(hash) {
    this.asking.delete(hash);
    this.ask(hash);
  }

  /**
   * Null once they are here; else why the server does not give them.
   * @param {string} hash
   * @returns {Promise<string | null>}
   */
  async load(hash) {
    const { status, body } = await call(`/api/protocols/${hash}?shape=${SHAPE}`);
    this.outdated = status === ANOTHER_PROGRAM;
    if (status !== 200) return body.error ?? "The server could not read this procedure's protocol.";
    this.known.set(hash, body);
    for (const key of copiesOf(hash)) drop(key);
    keep(tablesKey(hash), body);
    return null;
  }

  /**
   * Tables of another shape are better than no board.
   * @param {string} hash
   */
  keepOld(hash) {
    const copy = copiesOf(hash).map(usable).find(Boolean);
    if (copy && !this.known.has(hash)) this.known.set(hash, copy);
  }
}

/** @param {string} hash */
const copiesOf = (hash) => Object.keys(localStorage).filter((key) => key.startsWith(TABLES + hash));

/**
 * A copy on this tablet, if a board can be drawn from it.
 * @param {string} key
 * @returns {Protocol | null}
 */
function usable(key) {
  const tables = stored(key);
  try {
    alarms(modelOf(tables, []), 0);
    return tables;
  } catch {
    return null;
  }
}
