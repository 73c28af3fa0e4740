import { THRESHOLD } from "../common/settings.js";
import { DigitBox } from "./digit-box.js";
import { ShownText } from "./shown-text.js";

/**
 * @import { Reading } from "../common/contract.js"
 * @import { Box } from "../drawing/geometry.js"
 *
 * @typedef {object} Listener
 * @property {(position: number | null) => void} onPoint  the mouse or the focus is on a digit
 * @property {(position: number) => void} onChoose  a digit was tapped
 */

/** A finger that taps beside a button means it, but a pen does not. */
const REACH_PX = 10;

/**
 * Boxes around the digits and signs that were found, each with what it is as a button. Boxes are
 * placed in units of their container's height.
 */
export class DigitBoxes {
  #list;
  #listener;
  /** @type {DigitBox[]} */ #boxes = [];
  /** @type {Reading | null} */ #reading = null;
  #pointed = -1;
  #isFinger = false;

  /**
   * @param {HTMLElement} list
   * @param {Listener} listener
   */
  constructor(list, listener) {
    this.#list = list;
    this.#listener = listener;
    const surface = /** @type {HTMLElement} */ (list.parentElement);
    surface.addEventListener("pointerdown", ({ pointerType }) => {
      this.#isFinger = pointerType === "touch";
    });
    surface.addEventListener("pointermove", (event) => this.#hover(event));
    surface.addEventListener("pointerleave", () => this.#point(this.#focused));
    list.addEventListener("focusin", () => this.#point(this.#focused));
    list.addEventListener("focusout", () => this.#point(-1));
  }

  /**
   * Show the digits of a reading.
   * @param {Reading} reading
   * @param {Box} picture  the place of the picture, in units of the container's height
   */
  show(reading, picture) {
    const { digits, size } = reading;
    const [width, height] = size;
    this.#reading = reading;
    while (this.#boxes.length < digits.length) this.#add(this.#boxes.length);
    while (this.#boxes.length > digits.length) this.#boxes.pop()?.element.remove();
    this.#boxes.forEach((box, position) => {
      const [x, y, across, down] = digits[position]?.box ?? [0, 0, 0, 0];
      const place = {
        left: picture.left + (x / width) * picture.width,
        top: picture.top + (y / height) * picture.height,
        width: (across / width) * picture.width,
        height: (down / height) * picture.height,
      };
      box.place(place, this.#list.clientHeight);
    });
    const isCrowded = this.#boxes.some((box) => this.#boxes.some((other) => box.covers(other)));
    this.#list.classList.toggle("crowded", isCrowded);
    this.showText(new ShownText(reading, null, THRESHOLD), null);
    if (this.#pointed >= digits.length) this.#point(-1);
  }

  /**
   * Name the boxes as a text of their reading has them.
   * @param {ShownText} shown
   * @param {number | null} chosen  the digit that is to be corrected
   */
  showText(shown, chosen) {
    if (shown.reading !== this.#reading) return;
    this.#boxes.forEach((box, position) => {
      const character = shown.characters[shown.placeOf(position)] ?? null;
      box.name(character, position, this.#boxes.length, position === chosen);
    });
  }

  clear() {
    this.#list.replaceChildren();
    this.#boxes = [];
    this.#point(-1);
  }

  /** Remove the focus from a digit. */
  release() {
    this.#boxes[this.#focused]?.blur();
  }

  /**
   * Choose the digit whose button is tapped at this place of the window, if any.
   * @param {number} x
   * @param {number} y
   * @returns {boolean} whether there is one
   */
  tapAt(x, y) {
    const reach_px = this.#isFinger ? REACH_PX : 0;
    const find = (/** @type {number} */ reach) =>
      this.#boxes.findIndex((box) => box.isTappedAt(x, y, reach));
    const position = find(0) < 0 ? find(reach_px) : find(0);
    if (position >= 0) this.#listener.onChoose(position);
    return position >= 0;
  }

  get #focused() {
    return this.#boxes.findIndex(({ hasFocus }) => hasFocus);
  }

  /** @param {PointerEvent} event */
  #hover({ pointerType, buttons, clientX, clientY }) {
    if (pointerType === "touch" || buttons > 0) return;
    const over = this.#boxes.findIndex((box) => box.holds(clientX, clientY));
    this.#point(over >= 0 ? over : this.#focused);
  }

  /** @param {number} position  -1: none */
  #point(position) {
    if (position === this.#pointed) return;
    const [before, now] = [this.#boxes[this.#pointed], this.#boxes[position]];
    if (before) before.isPointed = false;
    if (now) now.isPointed = true;
    this.#pointed = position;
    this.#listener.onPoint(position < 0 ? null : position);
  }

  /** @param {number} position */
  #add(position) {
    const box = new DigitBox(() => this.#listener.onChoose(position));
    this.#list.append(box.element);
    this.#boxes.push(box);
  }
}
