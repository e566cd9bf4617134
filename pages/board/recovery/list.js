// What stands in the list beside the cards: that nobody is here, and records that cannot be shown.

import { h } from "../controls/dom.js";

/**
 * @import { Unreadable } from "../link/ward.js"
 * @import { Patient } from "./patient.js"
 */

/** @param {boolean} known whether it is known who stands here */
export function emptyText(known) {
  const text = known
    ? "Nobody is in recovery. A patient appears here as soon as the needle is out, or the dose was given under CT."
    : "Waiting for the server…";
  return h("p", { class: "empty", key: "empty", role: "status" }, text);
}

/**
 * @param {Unreadable[]} unreadable
 * @param {Iterable<Patient>} patients
 */
export function troubles(unreadable, patients) {
  const refused = [...patients]
    .filter((patient) => patient.sync.problem)
    .map((patient) => ({ session: patient.session, why: patient.sync.problem }));
  return [...unreadable, ...refused].map(({ session, why }) =>
    h("p", { class: "trouble", key: `bad ${session}` }, `${session}: ${why}`),
  );
}
