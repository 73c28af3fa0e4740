/**
 * @typedef {object} Listener
 * @property {() => void} onSecond  a second finger or a pen came: the first finger does not draw
 * @property {(fingers: number) => void} onTap  this many fingers tapped together
 * @property {(x_px: number) => void} onDrag  two or more fingers moved sideways together
 */

const TAP_MS = 350;
const TAP_PX = 14;
/** Touches within this time of a pen are from the hand that holds it. */
const PALM_MS = 3_000;

/**
 * Gestures of several fingers on an element. The element's own listeners see only one finger, and
 * none while a pen is used.
 */
export class FingerGestures {
  #listener;
  /** The x coordinate of each finger. @type {Map<number, number>} */ #fingers = new Map();
  #maxFingers = 0;
  #began_ms = 0;
  #moved_px = 0;
  #pen_ms = -Infinity;

  /**
   * @param {HTMLElement} element  contains the canvas that is drawn on
   * @param {Listener} listener
   * @param {AbortSignal} signal
   */
  constructor(element, listener, signal) {
    const options = { capture: true, signal };
    this.#listener = listener;
    element.addEventListener("pointerdown", (event) => this.#press(event), options);
    addEventListener("pointermove", (event) => this.#move(event), options);
    for (const type of ["pointerup", "pointercancel"]) {
      const lift = (/** @type {Event} */ event) => this.#lift(/** @type {PointerEvent} */ (event));
      addEventListener(type, lift, options);
    }
  }

  /** @param {PointerEvent} event */
  #press(event) {
    if (!event.isTrusted) return;
    if (event.pointerType === "pen") this.#listener.onSecond();
    if (event.pointerType !== "touch") return;
    if (performance.now() - this.#pen_ms < PALM_MS) return event.stopPropagation();
    this.#fingers.set(event.pointerId, event.clientX);
    if (this.#fingers.size === 1) this.#begin();
    else event.stopPropagation();
    this.#maxFingers = Math.max(this.#maxFingers, this.#fingers.size);
    if (this.#fingers.size === 2) this.#listener.onSecond();
  }

  #begin() {
    this.#maxFingers = 1;
    this.#began_ms = performance.now();
    this.#moved_px = 0;
  }

  /** @param {PointerEvent} event */
  #move({ pointerId, pointerType, clientX, isTrusted }) {
    if (pointerType === "pen") this.#pen_ms = performance.now();
    const before = this.#fingers.get(pointerId);
    if (before === undefined || !isTrusted) return;
    this.#fingers.set(pointerId, clientX);
    this.#moved_px += Math.abs(clientX - before);
    if (this.#fingers.size > 1) this.#listener.onDrag((clientX - before) / this.#fingers.size);
  }

  /** @param {PointerEvent} event */
  #lift({ pointerId, isTrusted }) {
    if (!isTrusted || !this.#fingers.delete(pointerId) || this.#fingers.size > 0) return;
    const isShort = performance.now() - this.#began_ms < TAP_MS;
    const isStill = this.#moved_px < TAP_PX * this.#maxFingers;
    if (this.#maxFingers > 1 && isShort && isStill) this.#listener.onTap(this.#maxFingers);
  }
}
