// Safe questions about tables and values that come from outside: ids may be any text, values of any type.

/**
 * Whether a protocol's table has the id: never true of what the language itself gives every object.
 * @param {object} table
 * @param {unknown} id
 */
export const has = (table, id) => typeof id === "string" && Object.hasOwn(table, id);

/**
 * @param {unknown} value
 * @returns {value is string}
 */
export const isText = (value) => typeof value === "string";

/**
 * @param {unknown} value
 * @returns {value is number}
 */
export const isNumber = (value) => typeof value === "number";

/**
 * A moment (ms) cut to the second in which it is shown; spans are worked out from these.
 * @param {number} at
 */
export const wholeSecond = (at) => Math.floor(at / 1000) * 1000;
