/**
 * @typedef {object} Listener
 * @property {() => void} onSecond  a second finger came, or a pen: the first one does not draw
 * @property {(fingers: number) => void} onTap  so many fingers came down and up again together
 * @property {(x_px: number) => void} onDrag  two or more fingers moved sideways together
 */

const TAP_MS = 350;
const TAP_PX = 14;
/** So long after a pen was there, what touches the screen is the hand that holds it. */
const PALM_MS = 3_000;

/**
 * Gestures of several fingers on an element whose own listeners see one finger only, and none while
 * a pen is used.
 */
export class FingerGestures {
  #listener;
  /** Where each finger is. @type {Map<number, number>} */ #fingers = new Map();
  #most = 0;
  #began_ms = 0;
  #moved_px = 0;
  #pen_ms = -Infinity;

  /**
   * @param {HTMLElement} element  around the one that is drawn on
   * @param {Listener} listener
   */
  constructor(element, listener) {
    this.#listener = listener;
    element.addEventListener("pointerdown", (event) => this.#press(event), { capture: true });
    addEventListener("pointermove", (event) => this.#move(event), { capture: true });
    for (const type of ["pointerup", "pointercancel"]) {
      const lift = (/** @type {Event} */ event) => this.#lift(/** @type {PointerEvent} */ (event));
      addEventListener(type, lift, { capture: true });
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
    this.#most = Math.max(this.#most, this.#fingers.size);
    if (this.#fingers.size === 2) this.#listener.onSecond();
  }

  #begin() {
    this.#most = 1;
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
    const isStill = this.#moved_px < TAP_PX * this.#most;
    if (this.#most > 1 && isShort && isStill) this.#listener.onTap(this.#most);
  }
}
