/**
 * @import { Stroke } from "./geometry.js"
 */

/**
 * A drawing at one moment, immutable: a new stroke makes a new sketch.
 * @typedef {object} Sketch
 * @property {string} drawing  UUID of the drawing
 * @property {number} height  of the paper when the strokes were drawn, in pixels
 * @property {Stroke[]} strokes
 */

/** The undo history: sketches in order, one of which is the present. */
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
