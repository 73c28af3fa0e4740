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
 * The canvas to draw on. Fires `pendown` and `penup`; `ink` at every change, also while the pen is
 * down and has made more than a dot; `rest` when a change is complete (stroke, undo, redo, clear);
 * and `tap`, with the place as its `detail`, before a dot is made. Preventing it makes no dot.
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
  #isFinished = false;
  /** The drawing that the stroke under the pen begins. @type {Sketch | null} */ #begun = null;
  #painting = 0;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Sketch | null} sketch  a drawing to continue
   * @param {AbortSignal} signal
   */
  constructor(canvas, sketch, signal) {
    super();
    this.#canvas = canvas;
    this.#ink = new InkCanvas(canvas);
    this.#pen = new Pen(canvas, signal);
    this.#timeline = new Timeline(sketch ?? this.#blank());
    this.#place();
    this.#pen.addEventListener("down", () => this.#startStroke());
    this.#pen.addEventListener("move", () => this.#growStroke());
    this.#pen.addEventListener("up", (event) =>
      this.#endStroke(/** @type {CustomEvent} */ (event).detail),
    );
    const resizes = new ResizeObserver(() => this.#fit());
    resizes.observe(canvas);
    signal.addEventListener("abort", () => resizes.disconnect());
    const darkTheme = matchMedia("(prefers-color-scheme: dark)");
    darkTheme.addEventListener("change", () => this.#paint(), { signal });
  }

  /** The drawing after its last complete stroke. */
  get sketch() {
    return this.#timeline.present;
  }

  /** The id of the drawing on the pad, the one that the stroke under the pen begins included. */
  get drawing() {
    return (this.#isFinished ? this.sketch : this.#base).drawing;
  }

  /** Whether a stroke is being made. */
  get isGrowing() {
    return this.#pen.isDown;
  }

  /** All ink on the pad, the stroke under the pen included. @returns {Stroke[]} */
  get strokes() {
    return [...this.#placed, ...this.#underPen];
  }

  /** Height in CSS pixels. */
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

  /** @param {Tool} tool  ignored while the pen is down */
  set tool(tool) {
    if (this.#pen.isDown) return;
    this.#tool = tool;
    this.#canvas.classList.toggle("erasing", tool === "eraser");
  }

  /** Finish the drawing: the next stroke begins another one, and undo brings this one back. */
  finish() {
    if (!this.isBlank && !this.#pen.isDown) this.#showFinished(true);
  }

  undo() {
    this.#change(() => this.#timeline.undo());
  }

  redo() {
    this.#change(() => this.#timeline.redo());
  }

  /** Start a new drawing. Undo brings the old one back. */
  clear() {
    if (this.sketch.strokes.length > 0) this.#change(() => this.#timeline.push(this.#blank()));
  }

  /** Start a new drawing, and forget this one. */
  startAfresh() {
    this.#timeline = new Timeline(this.#blank());
    this.#change(() => {});
  }

  /** Discard the stroke under the pen. */
  cancelStroke() {
    this.#pen.cancel();
  }

  /** Complete the stroke under the pen where it is. */
  finishStroke() {
    this.#pen.lift();
  }

  /** Resolve when no stroke is being made. @returns {Promise<void>} */
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

  /** The factor from pixels of the sketch to pixels of this canvas. */
  get #scale() {
    return this.height / this.sketch.height;
  }

  /** @param {() => void} step */
  #change(step) {
    if (this.#pen.isDown) return;
    step();
    this.#showFinished(false);
    this.#place();
    this.#paint();
    this.#fire("ink");
    this.#fire("rest");
  }

  /** Scale the remaining strokes of the sketch to this canvas. */
  #place() {
    this.#placed = this.#remaining.map((stroke) => scale(stroke, this.#scale));
  }

  /** The sketch to which the stroke under the pen is added. */
  get #base() {
    return this.#begun ?? this.sketch;
  }

  /** The sketch's strokes without those being erased. */
  get #remaining() {
    return this.#base.strokes.filter((stroke) => !this.#erased.has(stroke));
  }

  /** The stroke under the pen, if any; the eraser makes none. @returns {Stroke[]} */
  get #underPen() {
    const { stroke } = this.#pen;
    return stroke && this.#tool === "pen" ? [stroke] : [];
  }

  #startStroke() {
    if (this.#isFinished && this.#tool === "pen") this.#begun = this.#blank();
    this.#fire("pendown");
  }

  #growStroke() {
    if (this.#tool === "eraser") return this.#erase();
    cancelAnimationFrame(this.#painting);
    this.#painting = requestAnimationFrame(() => this.#paint());
    if (this.#underPen.every(isDot)) return;
    if (this.#begun && this.#isFinished) this.#leaveFinished();
    this.#fire("ink");
  }

  /** Take the finished drawing off the paper. */
  #leaveFinished() {
    this.#showFinished(false);
    this.#place();
  }

  /** @param {Stroke | null} path  the path of the pen or eraser; null: it was discarded */
  #endStroke(path) {
    const remaining = path ? this.#remaining : this.sketch.strokes;
    const stroke = this.#tool === "pen" ? path : null;
    const base = this.#base;
    this.#erased.clear();
    this.#begun = null;
    this.#fire("penup");
    const isTap = stroke !== null && isDot(stroke) && !this.#fire("tap", stroke.points[0]);
    const changes = stroke !== null || remaining.length < this.sketch.strokes.length;
    if (!path) this.#change(() => {});
    else if (isTap || !changes) this.#paint();
    else this.#keep({ ...base, strokes: remaining }, stroke);
  }

  /**
   * Make the next sketch from what remains and a new stroke.
   * @param {Sketch} remaining
   * @param {Stroke | null} stroke  in pixels of this canvas
   */
  #keep({ drawing, strokes, height: drawnOn }, stroke) {
    const height = strokes.length > 0 || !stroke ? drawnOn : this.height;
    const added = stroke ? [scale(stroke, height / this.height)] : [];
    this.#change(() => this.#timeline.push({ drawing, height, strokes: [...strokes, ...added] }));
  }

  /** Hide the strokes under the eraser's newest move. */
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

  /** @param {boolean} isFinished */
  #showFinished(isFinished) {
    if (isFinished === this.#isFinished) return;
    this.#isFinished = isFinished;
    this.#canvas.classList.toggle("finished", isFinished);
    this.#paint();
  }

  #fit() {
    this.#ink.fit();
    this.#place();
    this.#paint();
  }

  /** Draw all ink, and the predicted path of the pen ahead of it. */
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
   * @returns {boolean} whether no listener prevented it
   */
  #fire(type, detail) {
    return this.dispatchEvent(new CustomEvent(type, { detail, cancelable: true }));
  }
}
