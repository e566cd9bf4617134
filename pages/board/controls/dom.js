// Draws a tree of plain nodes into the page, reusing what stands there: an element under a finger is never replaced.

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

function patchChildren(parent, nodes) {
  const keyed = new Map();
  for (const child of parent.childNodes) if (child.drawnKey !== undefined) keyed.set(child.drawnKey, child);
  nodes.forEach((node, n) => {
    const here = parent.childNodes[n];
    const key = node.props?.key;
    const candidate = key === undefined ? here : keyed.get(key);
    const element = fits(candidate, node) ? candidate : create(node);
    if (element !== here) parent.insertBefore(element, here || null);
    patch(element, node);
  });
  while (parent.childNodes.length > nodes.length) parent.lastChild.remove();
}

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

function patch(element, node) {
  if (typeof node !== "object") {
    if (element.data !== String(node)) element.data = String(node);
    return;
  }
  if (element.drawnNode === node) return; // kept from the last drawing: nothing in it has changed
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
