// Type that is as large as its place allows. It is measured only when its text, or the place, has changed.

const [SHRINK, LEAST] = [0.95, 0.25]; // type too large for its place gets smaller by such steps, down to the least

export class Fit {
  /** @type {WeakMap<Element, string>} */
  shapes = new WeakMap(); // what each element's text looked like when it was measured

  // The place has changed.
  forget() {
    this.shapes = new WeakMap();
  }

  /** @param {ShadowRoot} root */
  all(root) {
    for (const element of root.querySelectorAll("[data-fit]"))
      if (element instanceof HTMLElement) this.measure(element);
  }

  /** @param {HTMLElement} element */
  measure(element) {
    const shape = (element.textContent ?? "").replace(/\d/g, "0");
    if (this.shapes.get(element) === shape) return;
    this.shapes.set(element, shape);
    for (let size = 1; size > LEAST; size *= SHRINK) {
      element.style.setProperty("--fit", size.toFixed(3));
      const high = element.dataset.fit === "lines" && element.scrollHeight > element.clientHeight + 1;
      if (!high && element.scrollWidth <= element.clientWidth + 1) return;
    }
  }
}
