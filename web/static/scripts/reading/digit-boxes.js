import { find } from "../common/find.js";
import { THRESHOLD } from "../common/settings.js";
import { percent } from "./words.js";

/**
 * @import { Digit, Reading } from "../common/contract.js"
 * @import { Box } from "../drawing/geometry.js"
 */

/** Height of a digit's button above its box; where there is no room, the button is inside. */
const SIGN_PX = 28;

/**
 * Boxes over the digits that were found, each with its digit as a button. `onPoint` is called when
 * the mouse or the focus is on one. Boxes are placed in units of their container's height.
 */
export class DigitBoxes {
  #list;
  #onPoint;
  /** @type {HTMLElement[]} */ #items = [];
  #pointed = -1;

  /**
   * @param {HTMLElement} list
   * @param {(position: number | null) => void} onPoint
   */
  constructor(list, onPoint) {
    this.#list = list;
    this.#onPoint = onPoint;
    const surface = /** @type {HTMLElement} */ (list.parentElement);
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
  show({ digits, size: [width, height] }, picture) {
    while (this.#items.length < digits.length) this.#add();
    while (this.#items.length > digits.length) this.#items.pop()?.remove();
    digits.forEach((digit, position) => {
      const [x, y, across, down] = digit.box;
      this.#place(this.#item(position), {
        left: picture.left + (x / width) * picture.width,
        top: picture.top + (y / height) * picture.height,
        width: (across / width) * picture.width,
        height: (down / height) * picture.height,
      });
      this.#name(position, digit, digits.length);
    });
    if (this.#pointed >= digits.length) this.#point(-1);
  }

  clear() {
    this.#list.replaceChildren();
    this.#items = [];
    this.#point(-1);
  }

  /** Remove the focus from a digit. */
  release() {
    if (this.#focused >= 0) /** @type {HTMLElement} */ (document.activeElement).blur();
  }

  /**
   * Focus the digit whose button is at this place of the window, if any.
   * @param {number} x
   * @param {number} y
   * @returns {boolean} whether there is one
   */
  focusAt(x, y) {
    const button = this.#items
      .map((item) => find("button", HTMLButtonElement, item))
      .find((item) => holds(item.getBoundingClientRect(), x, y));
    button?.focus();
    return button !== undefined;
  }

  get #focused() {
    return this.#items.findIndex((item) => item.contains(document.activeElement));
  }

  /** @param {PointerEvent} event */
  #hover({ pointerType, buttons, clientX, clientY }) {
    if (pointerType === "touch" || buttons > 0) return;
    const over = this.#items.findIndex((item) =>
      holds(item.getBoundingClientRect(), clientX, clientY),
    );
    this.#point(over >= 0 ? over : this.#focused);
  }

  /** @param {number} position  -1: none */
  #point(position) {
    if (position === this.#pointed) return;
    this.#items[this.#pointed]?.classList.remove("pointed");
    this.#items[position]?.classList.add("pointed");
    this.#pointed = position;
    this.#onPoint(position < 0 ? null : position);
  }

  #add() {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.addEventListener("click", () => button.focus());
    item.append(button);
    this.#list.append(item);
    this.#items.push(item);
  }

  /** @param {number} position */
  #item(position) {
    return /** @type {HTMLElement} */ (this.#items[position]);
  }

  /**
   * @param {HTMLElement} item
   * @param {Box} box
   */
  #place(item, box) {
    for (const [side, value] of Object.entries(box)) {
      item.style.setProperty(`--${side}`, String(value));
    }
    const { clientHeight } = this.#list;
    item.classList.toggle("at-top", box.top * clientHeight < SIGN_PX);
    item.classList.toggle("small", box.height * clientHeight < 2 * SIGN_PX);
  }

  /**
   * @param {number} position
   * @param {Digit} digit
   * @param {number} count
   */
  #name(position, { digit, confidence }, count) {
    const item = this.#item(position);
    const button = find("button", HTMLButtonElement, item);
    const sign = digit === null ? "?" : String(digit);
    item.classList.toggle("doubtful", digit === null || confidence < THRESHOLD);
    button.textContent = sign;
    button.ariaLabel = `Digit ${position + 1} of ${count}: ${digit ?? "no digit"}, ${percent(confidence)}`;
  }
}

/**
 * @param {DOMRect} rectangle
 * @param {number} x
 * @param {number} y
 */
function holds({ left, top, right, bottom }, x, y) {
  return x >= left && x < right && y >= top && y < bottom;
}
