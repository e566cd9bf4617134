// Drawing: a tree of plain nodes is laid over what stands in the page. An element is reused as long as its node is drawn;
// only one that changes its rank among its siblings is moved, and never the one that is pressed or focused, since a
// moved element loses the finger, the hold and the keyboard.

export function h(tag, props, ...children) {
  return {
    tag,
    props: props || {},
    children: children.flat(Infinity).filter((child) => child != null && child !== false),
  };
}

export function draw(root, ...nodes) {
  patchChildren(
    root,
    nodes.flat(Infinity).filter((node) => node != null && node !== false),
  );
}

// The element on which a finger landed last: a tap is complete only some time after the finger has lifted.
let pressed = null;
addEventListener("pointerdown", (touch) => (pressed = touch.composedPath()[0]), true);

function patchChildren(parent, nodes) {
  const before = [...parent.childNodes];
  const elements = reuse(before, nodes);
  const drawn = new Set(elements);
  for (const element of before) if (!drawn.has(element)) element.remove();
  place(parent, before, elements);
  for (const [n, node] of nodes.entries()) patch(elements[n], node);
}

// For each node the element that shows it: by its key, else the next one without a key; a new one where none fits.
function reuse(before, nodes) {
  const keyed = new Map(before.filter((element) => hasKey(element)).map((element) => [element.drawnKey, element]));
  const keyless = before.filter((element) => !hasKey(element));
  let awaited = nodes.filter((node) => keyOf(node) === undefined).length;
  return nodes.map((node) => {
    const key = keyOf(node);
    if (key !== undefined) {
      const element = keyed.get(key);
      keyed.delete(key);
      return fits(element, node) ? element : create(node);
    }
    while (!fits(keyless[0], node) && keyless.length > awaited) keyless.shift(); // there are fewer now: this one went
    awaited -= 1;
    return fits(keyless[0], node) ? keyless.shift() : create(node);
  });
}

const hasKey = (element) => element.drawnKey !== undefined;
const keyOf = (node) => node.props?.key;

function fits(element, node) {
  if (!element) return false;
  if (typeof node !== "object") return element.nodeType === Node.TEXT_NODE;
  return element.drawnTag === node.tag && element.drawnKey === node.props.key;
}

function create(node) {
  if (typeof node !== "object") return document.createTextNode("");
  const element = document.createElement(node.tag);
  element.drawnTag = node.tag;
  element.drawnKey = node.props.key;
  element.drawn = {};
  return element;
}

// Puts the elements into their order around those that stay where they are.
function place(parent, before, elements) {
  const rank = new Map(before.map((element, n) => [element, n]));
  const survivors = elements.filter((element) => rank.has(element));
  const staying = new Set(
    inOrder(survivors, rank) ? survivors : longestInOrder(besideHeld(parent, survivors, rank), rank),
  );
  elements.reduceRight((next, element) => {
    if (!staying.has(element) && !(element.parentNode && element.nextSibling === next))
      parent.insertBefore(element, next);
    return element;
  }, null);
}

const inOrder = (elements, rank) => elements.every((element, n) => !n || rank.get(elements[n - 1]) < rank.get(element));

// Without those that have changed sides with the pressed element, or with the focused one: these have to move.
function besideHeld(parent, elements, rank) {
  return [pressed, parent.getRootNode().activeElement].reduce((beside, held) => {
    const place = held ? beside.findIndex((element) => element.contains(held)) : -1;
    if (place < 0) return beside;
    return beside.filter(
      (element, n) => Math.sign(n - place) === Math.sign(rank.get(element) - rank.get(beside[place])),
    );
  }, elements);
}

// As many as possible that follow each other as they did before.
function longestInOrder(elements, rank) {
  const chains = []; // for each element the longest chain that ends with it
  for (const [n, element] of elements.entries()) {
    const extended = chains.filter((chain, before) => rank.get(elements[before]) < rank.get(element));
    chains[n] = [...longest(extended), element];
  }
  return longest(chains);
}

const longest = (chains) => chains.reduce((best, chain) => (chain.length > best.length ? chain : best), []);

function patch(element, node) {
  if (typeof node !== "object") {
    if (element.data !== String(node)) element.data = String(node);
    return;
  }
  if (element.drawnNode === node) return; // the same node as in the last drawing: nothing in it has changed
  element.drawnNode = node;
  const before = element.drawn;
  for (const name of Object.keys(before)) if (!Object.hasOwn(node.props, name)) set(element, name, null);
  for (const [name, value] of Object.entries(node.props)) if (before[name] !== value) set(element, name, value);
  element.drawn = node.props;
  patchChildren(element, node.children);
}

function set(element, name, value) {
  if (name === "key") return;
  if (name.startsWith("on")) element[name] = value;
  else if (name === "value") element.value = value ?? "";
  else if (value == null || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "" : value);
}
