import { find } from "../common/find.js";
import { drag, grow, isWhole, span, WHOLE } from "./crop-box.js";

/**
 * @import { Sides } from "./crop-box.js"
 * @import { Point } from "../drawing/geometry.js"
 */

/** The handles would cover a smaller selection. */
const MIN_SIZE_PX = 40;
const STEP = 0.01;
const LONG_STEP = 0.05;

/** @type {Record<string, Point>} */
const ARROWS = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/**
 * The selection in the editor: moved by its corners, edges and middle with mouse, finger or arrow
 * keys. While it is the whole picture, a drag in its middle makes a new selection.
 */
export class CropSelection {
  #frame = find("#editor .crop-frame", HTMLElement);
  #onChange;
  #closing = new AbortController();
  /** @type {Sides} */ #box = WHOLE;

  /** @param {() => void} onChange */
  constructor(onChange) {
    this.#onChange = onChange;
    const { signal } = this.#closing;
    for (const grip of this.#frame.querySelectorAll("[data-sides]")) {
      if (!(grip instanceof HTMLElement)) continue;
      grip.addEventListener("pointerdown", (event) => this.#grab(grip, event), { signal });
      grip.addEventListener("keydown", (event) => this.#nudge(grip, event), { signal });
    }
  }

  get box() {
    return this.#box;
  }

  set box(box) {
    this.#box = box;
    for (const [side, share] of Object.entries(box)) {
      this.#frame.style.setProperty(`--${side}`, `${share * 100}%`);
    }
    this.#frame.classList.toggle("whole", isWhole(box));
    this.#onChange();
  }

  /** Select a box, or more around it where the handles would cover it. @param {Sides} box */
  select(box) {
    this.box = grow(box, this.#minSize);
  }

  close() {
    this.#closing.abort();
  }

  /**
   * @param {HTMLElement} grip
   * @param {PointerEvent} press
   */
  #grab(grip, press) {
    if (!press.isPrimary || press.button !== 0) return;
    const start = this.#pointUnder(press);
    const before = this.#box;
    const marks = isWhole(before) && grip.matches(".middle");
    const follow = (/** @type {PointerEvent} */ move) => {
      const point = this.#pointUnder(move);
      const by = { x: point.x - start.x, y: point.y - start.y };
      this.box = marks
        ? span(start, point, this.#minSize)
        : drag(before, sidesOf(grip), by, this.#minSize);
    };
    const drop = new AbortController();
    const signal = AbortSignal.any([drop.signal, this.#closing.signal]);
    grip.setPointerCapture(press.pointerId);
    grip.addEventListener("pointermove", follow, { signal });
    grip.addEventListener("pointerup", follow, { signal }); // the last move may be missing
    grip.addEventListener("lostpointercapture", () => drop.abort(), { signal });
  }

  /**
   * @param {HTMLElement} grip
   * @param {KeyboardEvent} event
   */
  #nudge(grip, event) {
    const way = ARROWS[event.key];
    if (!way) return;
    event.preventDefault();
    const step = event.shiftKey ? LONG_STEP : STEP;
    const by = { x: way.x * step, y: way.y * step };
    this.box = drag(this.#box, sidesOf(grip), by, this.#minSize);
  }

  /** @param {PointerEvent} event @returns {Point} */
  #pointUnder({ clientX, clientY }) {
    const { left, top, width, height } = this.#frame.getBoundingClientRect();
    return { x: (clientX - left) / width, y: (clientY - top) / height };
  }

  /** @returns {Point} */
  get #minSize() {
    const { clientWidth, clientHeight } = this.#frame;
    return {
      x: Math.min(1, MIN_SIZE_PX / clientWidth),
      y: Math.min(1, MIN_SIZE_PX / clientHeight),
    };
  }
}

/** @param {HTMLElement} grip */
function sidesOf(grip) {
  return new Set(grip.dataset.sides?.split(" "));
}
