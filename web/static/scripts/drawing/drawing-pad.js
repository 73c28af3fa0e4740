import SignaturePad from "signature_pad";
import { uuid } from "../common/uuid.js";
import { replayCoalescedMoves } from "./coalesced-moves.js";
import { isDot, scale, touch } from "./geometry.js";
import { InkCanvas } from "./ink-canvas.js";
import { Timeline } from "./timeline.js";

/**
 * @import { Point, Stroke } from "./geometry.js"
 * @import { Sketch } from "./timeline.js"
 *
 * @typedef {"pen" | "eraser"} Tool
 */

const ERASER_RADIUS_PX = 12;
const PREDICTED_MS = 16;

/**
 * The canvas one draws on. Fires `pendown`, `penup`, `ink` at every change, also while the pen is
 * down and has made more than a dot, `rest` when the change is complete (a stroke, undo, redo,
 * clear), `resize`, and `tap` before a dot is made: it has the place as its `detail`, and is no dot
 * if prevented.
 */
export class DrawingPad extends EventTarget {
  #canvas;
  #ink;
  #pad;
  #timeline;
  /** @type {Tool} */ #tool = "pen";
  /** How the pen came down, while it is. @type {PointerEvent | null} */ #pen = null;
  #cancelled = false;
  /** Strokes of the sketch that the eraser has touched. @type {Set<Stroke>} */ #erased = new Set();
  /** Where the pen is expected next. @type {Point[]} */ #predicted = [];
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
    this.#pad = new SignaturePad(canvas, { throttle: 0, minDistance: 1, penColor: "transparent" });
    this.#timeline = new Timeline(sketch ?? this.#blank());
    this.#place();
    this.#pad.addEventListener("beginStroke", (event) =>
      this.#beginStroke(/** @type {CustomEvent} */ (event).detail.event),
    );
    this.#pad.addEventListener("afterUpdateStroke", () => this.#growStroke());
    this.#pad.addEventListener("endStroke", () => this.#endStroke());
    replayCoalescedMoves(
      () => this.#pen !== null,
      (predicted) => this.#predict(predicted),
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
    const radius_px = width_px / 2;
    Object.assign(this.#pad, { dotSize: radius_px, minWidth: radius_px, maxWidth: radius_px });
  }

  /** @param {Tool} tool  taken up unless another is at work */
  set tool(tool) {
    if (this.#pen) return;
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

  /** Takes back the stroke under the pen, as if it had not been begun. */
  cancelStroke() {
    if (!this.#pen) return;
    this.#cancelled = true;
    dispatchEvent(new PointerEvent("pointercancel", this.#pen));
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
    if (this.#pen) return;
    step();
    this.#pad.clear();
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

  /** The stroke under the pen, the only one that signature_pad keeps; none under the eraser. */
  get #underPen() {
    return this.#tool === "eraser" ? [] : this.#track(this.#pressed);
  }

  /** Where the pen or the eraser has been since it came down. @param {boolean} weighs */
  #track(weighs) {
    const [group] = this.#pad.toData();
    if (!group?.points.length) return [];
    const points = group.points.map(({ x, y, pressure }) =>
      weighs ? { x, y, weight: 0.5 + pressure } : { x, y },
    );
    return [{ radius_px: group.dotSize, points }];
  }

  /** Fingers and mice tell a pressure too, but none that is meant. */
  get #pressed() {
    return this.#pen?.pointerType === "pen";
  }

  /** @param {PointerEvent} event */
  #beginStroke(event) {
    this.#pen = event;
    this.#cancelled = false;
    this.#fire("pendown");
  }

  #growStroke() {
    if (this.#tool === "eraser") return this.#erase();
    cancelAnimationFrame(this.#painting);
    this.#painting = requestAnimationFrame(() => this.#paint());
    if (!this.#underPen.every(isDot)) this.#fire("ink");
  }

  #endStroke() {
    const [stroke] = this.#underPen;
    const left = this.#left;
    this.#pen = null;
    this.#predicted = [];
    this.#erased.clear();
    this.#fire("penup");
    if (this.#cancelled) return this.#change(() => {});
    if (stroke && isDot(stroke) && !this.#fire("tap", stroke.points[0])) return this.#forget();
    if (stroke || left.length < this.sketch.strokes.length) this.#keep(left, stroke);
    else this.#forget();
  }

  /**
   * Makes the next sketch: what is left of the present one, and a stroke.
   * @param {Stroke[]} left
   * @param {Stroke} [stroke]  as it is on this canvas
   */
  #keep(left, stroke) {
    const { drawing, strokes, height: drawnOn } = this.sketch;
    const height = strokes.length > 0 ? drawnOn : this.height;
    const added = stroke ? [scale(stroke, height / this.height)] : [];
    this.#change(() => this.#timeline.push({ drawing, height, strokes: [...left, ...added] }));
  }

  /** Forgets what the pen just did. */
  #forget() {
    this.#pad.clear();
    this.#paint();
  }

  /** Takes the strokes under the eraser's newest move out of sight. */
  #erase() {
    const [path] = this.#track(false);
    if (!path) return;
    const tip = { radius_px: ERASER_RADIUS_PX, points: path.points.slice(-2) };
    const touched = this.sketch.strokes.filter((stroke) => touch(scale(stroke, this.#scale), tip));
    if (touched.every((stroke) => this.#erased.has(stroke))) return;
    for (const stroke of touched) this.#erased.add(stroke);
    this.#place();
    this.#paint();
    this.#fire("ink");
  }

  /** @param {PointerEvent[]} events */
  #predict(events) {
    const { left, top } = this.#canvas.getBoundingClientRect();
    const until_ms = performance.now() + PREDICTED_MS;
    this.#predicted = events
      .filter(({ timeStamp }) => timeStamp <= until_ms)
      .map(({ clientX, clientY }) => ({ x: clientX - left, y: clientY - top }));
  }

  #fit() {
    this.#ink.fit();
    this.#place();
    this.#paint();
    this.#fire("resize");
  }

  /** Draws all ink as it is sent, and ahead of it where the pen is expected; signature_pad's own
   * lines are unseen. */
  #paint() {
    const growing = this.#underPen.map(({ radius_px, points }) => ({
      radius_px,
      points: [...points, ...this.#predicted],
    }));
    this.#ink.paint(this.#placed, growing);
  }

  /**
   * @param {"pendown" | "penup" | "ink" | "rest" | "resize" | "tap"} type
   * @param {Point} [detail]
   * @returns {boolean} whether nobody prevented it
   */
  #fire(type, detail) {
    return this.dispatchEvent(new CustomEvent(type, { detail, cancelable: true }));
  }
}
