import { boundingBox } from "./geometry.js";

/**
 * @import { Reading } from "../common/contract.js"
 * @import { DrawingPad } from "./drawing-pad.js"
 */

const REST_MS = 500;
/** Of the visible width: ink that reaches further makes the paper roll on, */
const FULL = 0.72;
/** so far that this much of it is free. */
const FREE = 0.5;
/** Visible widths: a phone's canvas holds no more pixels. */
const LONGEST = 12;

/** Paper that grows with a number: when the pen rests near its end, there is more to write on. */
export class PaperRoll {
  #sheet;
  #surface;
  #pad;
  #timer = 0;
  #isNumber = false;

  /**
   * @param {HTMLElement} sheet  the window onto the paper, which scrolls
   * @param {HTMLElement} surface  the paper
   * @param {DrawingPad} pad
   */
  constructor(sheet, surface, pad) {
    this.#sheet = sheet;
    this.#surface = surface;
    this.#pad = pad;
    pad.addEventListener("pendown", () => this.#hold());
    pad.addEventListener("rest", () => this.#rest());
    new ResizeObserver(() => this.#lay()).observe(sheet);
    sheet.addEventListener("scroll", () => sheet.classList.toggle("rolled", sheet.scrollLeft > 0));
    this.#lay();
  }

  /** @param {Reading} reading  of what is written */
  follow({ digits }) {
    this.#isNumber = digits.length > 1;
  }

  /** Whatever moves stops under the pen. */
  #hold() {
    clearTimeout(this.#timer);
    this.#sheet.scrollTo({ left: this.#sheet.scrollLeft, behavior: "instant" });
  }

  #rest() {
    clearTimeout(this.#timer);
    if (this.#pad.isBlank) this.#lay();
    else this.#timer = setTimeout(() => this.#roll(), REST_MS);
  }

  #roll() {
    const { clientWidth, scrollLeft } = this.#sheet;
    if (!this.#isNumber || this.#inkEnd < scrollLeft + FULL * clientWidth) return;
    this.#lay();
    this.#sheet.scrollTo({ left: this.#inkEnd - (1 - FREE) * clientWidth, behavior: "smooth" });
  }

  /** Makes the paper as long as its ink needs. */
  #lay() {
    const { clientWidth } = this.#sheet;
    const end = this.#inkEnd;
    const needed = end < FULL * clientWidth ? 0 : end + FREE * clientWidth;
    const length = this.#isNumber || end > clientWidth ? needed : 0;
    this.#surface.style.setProperty("--length", `${Math.min(length, LONGEST * clientWidth)}px`);
  }

  /** Where the ink ends, in pixels from the left of the paper. */
  get #inkEnd() {
    if (this.#pad.isBlank) return 0;
    const { left, width } = boundingBox(this.#pad.strokes);
    return left + width;
  }
}
