import { trace } from "./trace.js";

/**
 * @import { Size, Stroke } from "./geometry.js"
 */

/** A canvas with ink in the theme's color and in the screen's resolution. */
export class InkCanvas {
  #canvas;
  #context;
  /** A copy of the complete strokes, to be reused while a stroke grows. */
  #still = document.createElement("canvas");
  #stillContext;
  /** @type {Stroke[] | null} */ #stillStrokes = null;
  #stillColor = "";

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.#canvas = canvas;
    this.#context = get2d(canvas);
    this.#stillContext = get2d(this.#still);
    this.fit();
  }

  /** @returns {Size} */
  get size() {
    return { width: this.#canvas.clientWidth || 1, height: this.#canvas.clientHeight || 1 };
  }

  /** Resize to the canvas's box. All ink must be painted again. */
  fit() {
    const { width, height } = this.size;
    for (const canvas of [this.#canvas, this.#still]) {
      canvas.width = width * devicePixelRatio;
      canvas.height = height * devicePixelRatio;
    }
    this.#stillStrokes = null;
  }

  /**
   * @param {Stroke[]} still  painted only once while it is the same list
   * @param {Stroke[]} growing
   */
  paint(still, growing) {
    const color = getComputedStyle(this.#canvas).color;
    if (still !== this.#stillStrokes || color !== this.#stillColor) {
      wipe(this.#stillContext);
      trace(this.#stillContext, still, color);
      this.#stillStrokes = still;
      this.#stillColor = color;
    }
    wipe(this.#context);
    this.#context.drawImage(this.#still, 0, 0, this.size.width, this.size.height);
    trace(this.#context, growing, color);
  }
}

/** @param {HTMLCanvasElement} canvas */
function get2d(canvas) {
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
}

/** @param {CanvasRenderingContext2D} context */
function wipe(context) {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  context.scale(devicePixelRatio, devicePixelRatio);
}
