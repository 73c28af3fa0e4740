import { uuid } from "../common/uuid.js";
import { Eraser } from "./eraser.js";
import { isDot, scale } from "./geometry.js";
import { InkCanvas } from "./ink-canvas.js";
import { Pen } from "./pen.js";
import { Timeline } from "./timeline.js";

/**
 * @import { Point, Stroke } from "./geometry.js"
 * @import { Sketch } from "./timeline.js"
 *
 * @typedef {"pen" | "eraser"} Tool
 */

/**
 * The canvas one draws on. Fires `pendown`, `penup`, `ink` at every change, also while the pen is
 * down and has made more than a dot, `rest` when the change is complete (a stroke, undo, redo,
 * clear), and `tap` before a dot is made: it has the place as its `detail`, and is no dot if
 * prevented.
 */
export class DrawingPad extends EventTarget {
  #canvas;
  #ink;
  #pen;
  #eraser = new Eraser();
  #timeline;
  /** @type {Tool} */ #tool = "pen";
  /** Strokes of the sketch that the eraser has touched. @type {Set<Stroke>} */ #erased = new Set();
  /** The sketch's strokes on this canvas. @type {Stroke[]} */ #placed = [];
  #painting = 0;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Sketch | null} sketch  a drawing to go on with
   */
  constructor(canvas, sketch) {
    super();
    this.#canvas = canvas;
    this.#ink = new InkCanvas(canvas);
    this.#pen = new Pen(canvas);
    this.#timeline = new Timeline(sketch ?? this.#blank());
    this.#place();
    this.#pen.addEventListener("down", () => this.#fire("pendown"));
    this.#pen.addEventListener("move", () => this.#growStroke());
    this.#pen.addEventListener("up", (event) =>
      this.#endStroke(/** @type {CustomEvent} */ (event).detail),
    );
    new ResizeObserver(() => this.#fit()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#paint());
  }

  /** The drawing after its last complete stroke. */
  get sketch() {
    return this.#timeline.present;
  }

  /** All ink on the pad, the stroke under the pen included. @returns {Stroke[]} */
  get strokes() {
    return [...this.#placed, ...this.#underPen];
  }

  /** In pixels of the page. */
  get height() {
    return this.#ink.size.height;
  }

  get isBlank() {
    return this.strokes.length === 0;
  }

  get canUndo() {
    return this.#timeline.canUndo;
  }

  get canRedo() {
    return this.#timeline.canRedo;
  }

  /** @param {number} width_px */
  set penWidth_px(width_px) {
    this.#pen.width_px = width_px;
  }

  /** @param {Tool} tool  taken up unless another is at work */
  set tool(tool) {
    if (this.#pen.isDown) return;
    this.#tool = tool;
    this.#canvas.classList.toggle("erasing", tool === "eraser");
  }

  undo() {
    this.#change(() => this.#timeline.undo());
  }

  redo() {
    this.#change(() => this.#timeline.redo());
  }

  /** Starts a new drawing. Undo brings the old one back. */
  clear() {
    if (this.sketch.strokes.length > 0) this.#change(() => this.#timeline.push(this.#blank()));
  }

  /** Discards the stroke under the pen. */
  cancelStroke() {
    this.#pen.cancel();
  }

  /** Completes the stroke under the pen where it is. */
  finishStroke() {
    this.#pen.lift();
  }

  /** Resolves when no stroke is being made. @returns {Promise<void>} */
  untilPenUp() {
    if (!this.#pen.isDown) return Promise.resolve();
    return new Promise((resolve) =>
      this.addEventListener("penup", () => resolve(), { once: true }),
    );
  }

  /** @returns {Sketch} */
  #blank() {
    return { drawing: uuid(), height: this.height, strokes: [] };
  }

  /** How much larger than it was drawn the sketch is shown. */
  get #scale() {
    return this.height / this.sketch.height;
  }

  /** @param {() => void} step */
  #change(step) {
    if (this.#pen.isDown) return;
    step();
    this.#place();
    this.#paint();
    this.#fire("ink");
    this.#fire("rest");
  }

  /** Places what is left of the sketch on this canvas. */
  #place() {
    this.#placed = this.#left.map((stroke) => scale(stroke, this.#scale));
  }

  /** The sketch's strokes but those that are being erased. */
  get #left() {
    return this.sketch.strokes.filter((stroke) => !this.#erased.has(stroke));
  }

  /** The stroke under the pen, if there is one; the eraser makes none. @returns {Stroke[]} */
  get #underPen() {
    const { stroke } = this.#pen;
    return stroke && this.#tool === "pen" ? [stroke] : [];
  }

  #growStroke() {
    if (this.#tool === "eraser") return this.#erase();
    cancelAnimationFrame(this.#painting);
    this.#painting = requestAnimationFrame(() => this.#paint());
    if (!this.#underPen.every(isDot)) this.#fire("ink");
  }

  /** @param {Stroke | null} path  where the pen or the eraser has been; null: it was taken back */
  #endStroke(path) {
    const left = path ? this.#left : this.sketch.strokes;
    const stroke = this.#tool === "pen" ? path : null;
    this.#erased.clear();
    this.#fire("penup");
    const isTap = stroke !== null && isDot(stroke) && !this.#fire("tap", stroke.points[0]);
    const changes = stroke !== null || left.length < this.sketch.strokes.length;
    if (!path) this.#change(() => {});
    else if (isTap || !changes) this.#paint();
    else this.#keep(left, stroke);
  }

  /**
   * Makes the next sketch: what is left of the present one, and a stroke.
   * @param {Stroke[]} left
   * @param {Stroke | null} stroke  as it is on this canvas
   */
  #keep(left, stroke) {
    const { drawing, strokes, height: drawnOn } = this.sketch;
    const height = strokes.length > 0 ? drawnOn : this.height;
    const added = stroke ? [scale(stroke, height / this.height)] : [];
    this.#change(() => this.#timeline.push({ drawing, height, strokes: [...left, ...added] }));
  }

  /** Takes the strokes under the eraser's newest move out of sight. */
  #erase() {
    const path = this.#pen.stroke;
    if (!path) return;
    const touched = this.sketch.strokes.filter((stroke) =>
      this.#eraser.touches(path, scale(stroke, this.#scale)),
    );
    if (touched.every((stroke) => this.#erased.has(stroke))) return;
    for (const stroke of touched) this.#erased.add(stroke);
    this.#place();
    this.#paint();
    this.#fire("ink");
  }

  #fit() {
    this.#ink.fit();
    this.#place();
    this.#paint();
  }

  /** Draws all ink as it is sent, and ahead of it where the pen is expected. */
  #paint() {
    const growing = this.#underPen.map(({ radius_px, points }) => ({
      radius_px,
      points: [...points, ...this.#pen.predicted],
    }));
    this.#ink.paint(this.#placed, growing);
  }

  /**
   * @param {"pendown" | "penup" | "ink" | "rest" | "tap"} type
   * @param {Point} [detail]
   * @returns {boolean} whether nobody prevented it
   */
  #fire(type, detail) {
    return this.dispatchEvent(new CustomEvent(type, { detail, cancelable: true }));
  }
}
