/**
 * @import { Stroke } from "./geometry.js"
 */

/**
 * A drawing at one moment. It never changes: a new stroke makes a new sketch.
 * @typedef {object} Sketch
 * @property {string} drawing  the drawing's UUID
 * @property {number} height  of the paper the strokes were drawn on, in their pixels
 * @property {Stroke[]} strokes
 */

/** Sketches in order, with a present that moves back and forth. */
export class Timeline {
  /** @type {Sketch[]} */ #past = [];
  /** @type {Sketch[]} */ #future = [];
  #present;

  /** @param {Sketch} present */
  constructor(present) {
    this.#present = present;
  }

  get present() {
    return this.#present;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  /** @param {Sketch} sketch */
  push(sketch) {
    this.#past.push(this.#present);
    this.#future = [];
    this.#present = sketch;
  }

  undo() {
    this.#step(this.#past, this.#future);
  }

  redo() {
    this.#step(this.#future, this.#past);
  }

  /**
   * @param {Sketch[]} from
   * @param {Sketch[]} to
   */
  #step(from, to) {
    const sketch = from.pop();
    if (!sketch) return;
    to.push(this.#present);
    this.#present = sketch;
  }
}
