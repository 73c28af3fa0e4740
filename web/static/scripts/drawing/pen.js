import SignaturePad from "signature_pad";
import { replayCoalescedMoves } from "./coalesced-moves.js";

/**
 * @import { Point, Stroke } from "./geometry.js"
 */

const PREDICTED_MS = 16;

/**
 * A mouse, pen or finger on a canvas. Fires `down`, `move` and `up`, with the whole stroke as its
 * `detail`; null if there is none or it was cancelled.
 */
export class Pen extends EventTarget {
  #canvas;
  #pad;
  /** The press, while the pen is down. @type {PointerEvent | null} */ #press = null;
  #cancelled = false;
  /** The predicted next points. @type {Point[]} */ predicted = [];

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {AbortSignal} signal
   */
  constructor(canvas, signal) {
    super();
    this.#canvas = canvas;
    // Its own lines are invisible: the drawing pad paints the strokes.
    this.#pad = new SignaturePad(canvas, { throttle: 0, minDistance: 1, penColor: "transparent" });
    this.#pad.addEventListener("beginStroke", (event) =>
      this.#begin(/** @type {CustomEvent} */ (event).detail.event),
    );
    this.#pad.addEventListener("afterUpdateStroke", () => this.dispatchEvent(new Event("move")));
    this.#pad.addEventListener("endStroke", () => this.#end());
    replayCoalescedMoves(
      () => this.isDown,
      (predicted) => this.#predict(predicted),
      signal,
    );
  }

  get isDown() {
    return this.#press !== null;
  }

  /** @param {number} width_px */
  set width_px(width_px) {
    const radius_px = width_px / 2;
    Object.assign(this.#pad, { dotSize: radius_px, minWidth: radius_px, maxWidth: radius_px });
  }

  /** The stroke so far; null if there is none. @returns {Stroke | null} */
  get stroke() {
    const [group] = this.#pad.toData();
    if (!group?.points.length) return null;
    // Fingers and mice report a pressure too, but it means nothing.
    const weighs = this.#press?.pointerType === "pen";
    const points = group.points.map(({ x, y, pressure }) =>
      weighs ? { x, y, weight: 0.5 + pressure } : { x, y },
    );
    return { radius_px: group.dotSize, points };
  }

  /** End the stroke where it is. */
  lift() {
    // A `pointerup` would add a point where the press was.
    if (this.#press) dispatchEvent(new PointerEvent("pointercancel", this.#press));
  }

  /** End the stroke and discard it. */
  cancel() {
    this.#cancelled = true;
    this.lift();
  }

  /** @param {PointerEvent} event */
  #begin(event) {
    // A press does not take the focus here: Enter would press the button that was used last.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    this.#press = event;
    this.#cancelled = false;
    this.dispatchEvent(new Event("down"));
  }

  #end() {
    const detail = this.#cancelled ? null : this.stroke;
    this.#press = null;
    this.predicted = [];
    this.#pad.clear();
    this.dispatchEvent(new CustomEvent("up", { detail }));
  }

  /** @param {PointerEvent[]} events */
  #predict(events) {
    const { left, top } = this.#canvas.getBoundingClientRect();
    const until_ms = performance.now() + PREDICTED_MS;
    this.predicted = events
      .filter(({ timeStamp }) => timeStamp <= until_ms)
      .map(({ clientX, clientY }) => ({ x: clientX - left, y: clientY - top }));
  }
}
