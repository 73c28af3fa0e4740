import { boundingBox } from "./geometry.js";

/**
 * @import { Reading } from "../common/contract.js"
 * @import { DrawingPad } from "./drawing-pad.js"
 * @import { Box } from "./geometry.js"
 */

const REST_MS = 500;
/** Of the visible width: ink that reaches further makes the paper roll on, */
const FULL = 0.72;
/** until no more than this is inked, and no digit cut. */
const KEPT = 0.6;
const MARGIN_PX = 16;
/** Visible widths: a phone's canvas holds no more pixels. */
const LONGEST = 12;

/** Paper that grows with a number: when the pen rests near its end, there is more to write on. */
export class PaperRoll {
  #sheet;
  #surface;
  #pad;
  #timer = 0;
  /** Where the digits of what is written begin, in pixels from the left of the paper. */
  #starts = /** @type {number[]} */ ([]);

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

  /**
   * @param {Reading} reading  of what is written
   * @param {Box} crop  the part of the pad that was read
   */
  follow({ digits, size }, crop) {
    const toPad = crop.width / size[0];
    this.#starts = digits.map(({ box: [x] }) => crop.left + x * toPad);
  }

  get #isNumber() {
    return this.#starts.length > 1;
  }

  /** Whatever moves stops under the pen. */
  #hold() {
    clearTimeout(this.#timer);
    this.#sheet.scrollTo({ left: this.#sheet.scrollLeft, behavior: "instant" });
  }

  #rest() {
    clearTimeout(this.#timer);
    if (this.#pad.isBlank) this.#clear();
    else this.#timer = setTimeout(() => this.#roll(), REST_MS);
  }

  #clear() {
    this.#starts = [];
    this.#lay();
  }

  #roll() {
    const { clientWidth, scrollLeft } = this.#sheet;
    const end = this.#inkEnd;
    if (!this.#isNumber || end < scrollLeft + FULL * clientWidth) return;
    this.#lay();
    const least = end - KEPT * clientWidth;
    const whole = this.#starts.filter((start) => start - MARGIN_PX >= least);
    const left = whole.length > 0 ? Math.min(...whole) - MARGIN_PX : least;
    this.#sheet.scrollTo({ left });
  }

  /** Makes the paper as long as its ink needs. */
  #lay() {
    const { clientWidth } = this.#sheet;
    const end = this.#inkEnd;
    const isFull = end > (this.#isNumber ? FULL : 1) * clientWidth;
    const length = isFull ? Math.min(end + clientWidth, LONGEST * clientWidth) : 0;
    this.#surface.style.setProperty("--length", `${length}px`);
  }

  /** Where the ink ends, in pixels from the left of the paper. */
  get #inkEnd() {
    if (this.#pad.isBlank) return 0;
    const { left, width } = boundingBox(this.#pad.strokes);
    return left + width;
  }
}
