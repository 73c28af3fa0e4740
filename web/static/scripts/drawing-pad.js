import SignaturePad from "signature_pad";
import { replayCoalescedMoves } from "./coalesced-moves.js";
import { contain, invert, isDot, place } from "./geometry.js";
import { Timeline } from "./timeline.js";
import { trace } from "./trace.js";
import { uuid } from "./uuid.js";

/**
 * @import { Stroke } from "./geometry.js"
 * @import { Sketch } from "./timeline.js"
 */

/**
 * The canvas one draws on. Fires `pendown`, `ink` at every change, also while the pen is down and
 * has made more than a dot, and `rest` when the change is complete: pen up, undo, redo, clear.
 */
export class DrawingPad extends EventTarget {
  #canvas;
  #context;
  #pad;
  #timeline;
  #penDown = false;
  #painting = 0;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Sketch | null} sketch  a drawing to go on with
   */
  constructor(canvas, sketch) {
    super();
    this.#canvas = canvas;
    this.#context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    this.#pad = new SignaturePad(canvas, { throttle: 0, minDistance: 1, penColor: "transparent" });
    this.#timeline = new Timeline(sketch ?? this.#blank());
    this.#fit();
    this.#pad.addEventListener("beginStroke", () => this.#beginStroke());
    this.#pad.addEventListener("afterUpdateStroke", () => this.#growStroke());
    this.#pad.addEventListener("endStroke", () => this.#endStroke());
    replayCoalescedMoves(() => this.#penDown);
    new ResizeObserver(() => this.#fit()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#paint());
  }

  /** The drawing after its last complete stroke. */
  get sketch() {
    return this.#timeline.present;
  }

  /** All ink on the pad, the stroke under the pen included. @returns {Stroke[]} */
  get strokes() {
    const placement = contain(this.sketch.size, this.#size);
    const complete = this.sketch.strokes.map((stroke) => place(stroke, placement));
    return [...complete, ...this.#underPen];
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

  /** @returns {Sketch} */
  #blank() {
    return { drawing: uuid(), size: this.#size, strokes: [] };
  }

  get #size() {
    return { width: this.#canvas.clientWidth || 1, height: this.#canvas.clientHeight || 1 };
  }

  /** @param {() => void} step */
  #change(step) {
    if (this.#penDown) return;
    step();
    this.#pad.clear();
    this.#paint();
    this.#fire("ink");
    this.#fire("rest");
  }

  /** The stroke under the pen, if there is one: the only one that signature_pad keeps. */
  get #underPen() {
    const [stroke] = this.#pad.toData();
    return stroke?.points.length ? [{ radius_px: stroke.dotSize, points: stroke.points }] : [];
  }

  #beginStroke() {
    this.#penDown = true;
    this.#fire("pendown");
  }

  #endStroke() {
    this.#penDown = false;
    const { drawing, size: drawnOn, strokes } = this.sketch;
    const size = strokes.length > 0 ? drawnOn : this.#size;
    const placement = invert(contain(size, this.#size));
    const added = this.#underPen.map((stroke) => place(stroke, placement));
    this.#change(() => this.#timeline.push({ drawing, size, strokes: [...strokes, ...added] }));
  }

  #growStroke() {
    cancelAnimationFrame(this.#painting);
    this.#painting = requestAnimationFrame(() => this.#paint());
    if (!this.#underPen.every(isDot)) this.#fire("ink");
  }

  /** Gives the canvas as many pixels as its box has on the screen. */
  #fit() {
    this.#canvas.width = this.#size.width * devicePixelRatio;
    this.#canvas.height = this.#size.height * devicePixelRatio;
    this.#paint();
  }

  /** Draws all ink in the theme's colour, as it is sent; signature_pad's own lines are unseen. */
  #paint() {
    const { width, height } = this.#size;
    this.#context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    this.#context.clearRect(0, 0, width, height);
    trace(this.#context, this.strokes, getComputedStyle(this.#canvas).color);
  }

  /** @param {"pendown" | "ink" | "rest"} type */
  #fire(type) {
    this.dispatchEvent(new Event(type));
  }
}
