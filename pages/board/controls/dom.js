// Drawing: a tree of plain nodes is laid over what stands in the page. An element is reused as long as its node is drawn;
// only one that changes its rank among its siblings is moved, and never the one that is pressed or focused, since a
// moved element loses the finger, the hold and the keyboard.

/**
 * @import { Attributes, Content, Drawing } from "./types.js"
 *
 * @typedef {Drawing | string | number} Leaf
 * @typedef {ChildNode & { drawnTag?: string, drawnKey?: string | null, drawn?: Attributes, drawnNode?: Drawing, data?: string }} Drawn
 * an element or text, and what was drawn in it last
 * @typedef {Map<Drawn, number>} Rank
 */

/** @type {(contents: Content[]) => Leaf[]} */
const flat = (contents) =>
  /** @type {any[]} */ (contents).flat(Infinity).filter((content) => content != null && content !== false);

/**
 * @param {string} tag
 * @param {Attributes} props
 * @param {Content[]} children
 * @returns {Drawing}
 */
export function h(tag, props, ...children) {
  return { tag, props, children: flat(children) };
}

/**
 * @param {ParentNode & Node} root
 * @param {Content[]} contents
 */
export function draw(root, ...contents) {
  patchChildren(root, flat(contents));
}

// The element on which a finger landed last: a tap is complete only some time after the finger has lifted.
/** @type {Node | null} */
let pressed = null;
addEventListener(
  "pointerdown",
  (touch) => {
    const [target] = touch.composedPath();
    pressed = target instanceof Node ? target : null;
  },
  true,
);

/**
 * @param {Node} parent
 * @param {Leaf[]} nodes
 */
function patchChildren(parent, nodes) {
  const before = /** @type {Drawn[]} */ ([...parent.childNodes]);
  const elements = reuse(before, nodes);
  const drawn = new Set(elements);
  for (const element of before) if (!drawn.has(element)) element.remove();
  place(parent, before, elements);
  for (const [n, node] of nodes.entries()) patch(elements[n], node);
}

/**
 * For each node the element that shows it: by its key, else the next one without a key; a new one where none fits.
 * @param {Drawn[]} before
 * @param {Leaf[]} nodes
 * @returns {Drawn[]}
 */
function reuse(before, nodes) {
  const keyed = new Map(before.filter(hasKey).map((element) => [element.drawnKey, element]));
  const keyless = before.filter((element) => !hasKey(element));
  let awaited = nodes.filter((node) => keyOf(node) === undefined).length;
  return nodes.map((node) => {
    const key = keyOf(node);
    if (key !== undefined) {
      const element = keyed.get(key);
      keyed.delete(key);
      return element && fits(element, node) ? element : create(node);
    }
    while (keyless.length > awaited && !fits(keyless[0], node)) keyless.shift(); // there are fewer now: this one went
    awaited -= 1;
    const [element] = keyless;
    if (!element || !fits(element, node)) return create(node);
    keyless.shift();
    return element;
  });
}

/** @param {Drawn} element */
const hasKey = (element) => (element.drawnKey ?? undefined) !== undefined;
/** @param {Leaf} node */
const keyOf = (node) => (typeof node === "object" ? (node.props.key ?? undefined) : undefined);

/**
 * @param {Drawn} element
 * @param {Leaf} node
 */
function fits(element, node) {
  if (typeof node !== "object") return element.nodeType === Node.TEXT_NODE;
  return element.drawnTag === node.tag && (element.drawnKey ?? null) === (node.props.key ?? null);
}

/**
 * @param {Leaf} node
 * @returns {Drawn}
 */
function create(node) {
  if (typeof node !== "object") return document.createTextNode("");
  /** @type {Drawn} */
  const element = document.createElement(node.tag);
  element.drawnTag = node.tag;
  element.drawnKey = node.props.key;
  element.drawn = {};
  return element;
}

/**
 * Puts the elements into their order around those that stay where they are.
 * @param {Node} parent
 * @param {Drawn[]} before
 * @param {Drawn[]} elements
 */
function place(parent, before, elements) {
  const rank = new Map(before.map((element, n) => [element, n]));
  const survivors = elements.filter((element) => rank.has(element));
  const staying = new Set(
    inOrder(survivors, rank) ? survivors : longestInOrder(besideHeld(parent, survivors, rank), rank),
  );
  /** @type {Drawn | null} */
  let next = null;
  for (const element of elements.toReversed()) {
    const placed = element.parentNode === parent && element.nextSibling === next;
    if (!placed && !staying.has(element)) parent.insertBefore(element, next);
    next = element;
  }
}

/** @type {(element: Drawn, rank: Rank) => number} */
const rankOf = (element, rank) => rank.get(element) ?? -1;

/** @type {(elements: Drawn[], rank: Rank) => boolean} */
const inOrder = (elements, rank) =>
  elements.every((element, n) => !n || rankOf(elements[n - 1], rank) < rankOf(element, rank));

/**
 * Without those that have changed sides with the pressed element, or with the focused one: these have to move.
 * @param {Node} parent
 * @param {Drawn[]} elements
 * @param {Rank} rank
 */
function besideHeld(parent, elements, rank) {
  const root = parent.getRootNode();
  const focused = root instanceof Document || root instanceof ShadowRoot ? root.activeElement : null;
  let beside = elements;
  for (const held of [pressed, focused]) {
    const stays = beside.find((element) => held && element.contains(held));
    if (!stays) continue;
    const place = beside.indexOf(stays);
    beside = beside.filter(
      (element, n) => Math.sign(n - place) === Math.sign(rankOf(element, rank) - rankOf(stays, rank)),
    );
  }
  return beside;
}

/**
 * As many as possible that follow each other as they did before.
 * @param {Drawn[]} elements
 * @param {Rank} rank
 */
function longestInOrder(elements, rank) {
  /** @type {Drawn[][]} */
  const chains = []; // for each element the longest chain that ends with it
  for (const [n, element] of elements.entries()) {
    const extended = chains.filter((_, earlier) => rankOf(elements[earlier], rank) < rankOf(element, rank));
    chains[n] = [...longest(extended), element];
  }
  return longest(chains);
}

/** @type {(chains: Drawn[][]) => Drawn[]} */
const longest = (chains) => chains.reduce((best, chain) => (chain.length > best.length ? chain : best), []);

/**
 * @param {Drawn} element
 * @param {Leaf} node
 */
function patch(element, node) {
  if (typeof node !== "object") {
    if (element.data !== String(node)) element.data = String(node);
    return;
  }
  if (element.drawnNode === node) return; // the same node as in the last drawing: nothing in it has changed
  element.drawnNode = node;
  const before = element.drawn ?? {};
  for (const name of Object.keys(before)) if (!Object.hasOwn(node.props, name)) set(element, name, null);
  for (const [name, value] of Object.entries(node.props)) if (before[name] !== value) set(element, name, value);
  element.drawn = node.props;
  patchChildren(element, node.children);
}

/**
 * @param {any} element
 * @param {string} name
 * @param {any} value
 */
function set(element, name, value) {
  if (name === "key") return;
  // A handler that answers false would cancel its event: every key of a field but the one it waits for.
  if (name.startsWith("on")) element[name] = value && ((/** @type {Event} */ event) => void value(event));
  else if (name === "value") element.value = value ?? "";
  else if (value == null || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "" : value);
}
