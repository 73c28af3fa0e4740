import { nameOfCharacter } from "./words.js";

/**
 * @import { Box } from "../drawing/geometry.js"
 * @import { Character } from "./shown-text.js"
 */

/** Height of the button above its box; where there is no room it is below, and else inside. */
const BUTTON_PX = 28;
const BUTTON_WIDTH_PX = 26;
/** Size of the button of a small box, which is in its middle. */
const SMALL_BUTTON_PX = { width: 16, height: 20 };
/** The second dot of a colon is tapped where the button of the first one is. */
const NOT_TAPPED = ".sign.small:not(.pointed), .gone";

/** A box around a digit or a sign, with what it is as a button. */
export class DigitBox {
  element = document.createElement("li");
  #button = document.createElement("button");
  /** In pixels of the container. @type {Box} */ #box = { left: 0, top: 0, width: 0, height: 0 };
  #isSmall = false;

  /** @param {() => void} onChoose */
  constructor(onChoose) {
    this.#button.type = "button";
    this.element.append(this.#button);
    this.element.addEventListener("click", onChoose);
  }

  get hasFocus() {
    return this.#button === document.activeElement;
  }

  /** @param {boolean} isPointed */
  set isPointed(isPointed) {
    this.element.classList.toggle("pointed", isPointed);
  }

  /**
   * @param {Box} box  in units of the container's height
   * @param {number} height_px  of the container
   */
  place(box, height_px) {
    for (const [side, value] of Object.entries(box)) {
      this.element.style.setProperty(`--${side}`, String(value));
    }
    this.#box = inPixels(box, height_px);
    const { top, height } = this.#box;
    const { classList } = this.element;
    this.#isSmall = height < 2 * BUTTON_PX;
    classList.toggle("at-top", top < BUTTON_PX);
    classList.toggle("at-bottom", height_px - top - height < BUTTON_PX);
    classList.toggle("small", this.#isSmall);
  }

  /** Return whether its button above it would cover another box or button. @param {DigitBox} other */
  covers(other) {
    if (other === this) return false;
    return overlap(this.#above, other.#box) || overlap(this.#above, other.#above);
  }

  /** The place of the button above it. @returns {Box} */
  get #above() {
    const { left, top, width } = this.#box;
    if (!this.#isSmall) {
      return { left, top: top - BUTTON_PX, width: BUTTON_WIDTH_PX, height: BUTTON_PX };
    }
    const { width: across, height: down } = SMALL_BUTTON_PX;
    return { left: left + (width - across) / 2, top: top - down, width: across, height: down };
  }

  /**
   * @param {Character | null} character  null: a person deleted it
   * @param {number} position
   * @param {number} count  of all boxes
   * @param {boolean} isChosen  it is to be corrected
   */
  name(character, position, count, isChosen) {
    const { classList } = this.element;
    classList.toggle("gone", !character);
    classList.toggle("chosen", isChosen);
    classList.toggle("sign", Boolean(character?.digit?.sign));
    classList.toggle("doubtful", Boolean(character?.isUnsure));
    this.#button.hidden = !character;
    if (!character) return;
    this.#button.textContent = character.text;
    this.#button.ariaLabel = nameOfCharacter(character, position, count);
  }

  blur() {
    this.#button.blur();
  }

  /**
   * Return whether a place of the window is in the box.
   * @param {number} x
   * @param {number} y
   */
  holds(x, y) {
    return holds(this.element.getBoundingClientRect(), x, y, 0);
  }

  /**
   * Return whether a tap on a place of the window is on the button.
   * @param {number} x
   * @param {number} y
   * @param {number} reach_px  beside the button
   */
  isTappedAt(x, y, reach_px) {
    if (this.element.matches(NOT_TAPPED)) return false;
    return holds(this.#button.getBoundingClientRect(), x, y, reach_px);
  }
}

/**
 * @param {DOMRect} rectangle
 * @param {number} x
 * @param {number} y
 * @param {number} reach
 */
function holds({ left, top, right, bottom }, x, y, reach) {
  return x >= left - reach && x < right + reach && y >= top - reach && y < bottom + reach;
}

/**
 * @param {Box} box  in units of the height
 * @param {number} height_px
 * @returns {Box}
 */
function inPixels({ left, top, width, height }, height_px) {
  return {
    left: left * height_px,
    top: top * height_px,
    width: width * height_px,
    height: height * height_px,
  };
}

/**
 * @param {Box} one
 * @param {Box} other
 */
function overlap(one, other) {
  return (
    one.left < other.left + other.width &&
    other.left < one.left + one.width &&
    one.top < other.top + other.height &&
    other.top < one.top + one.height
  );
}
