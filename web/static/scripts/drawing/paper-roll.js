import { boundingBox } from "./geometry.js";

/**
 * @import { Reading } from "../common/contract.js"
 * @import { DrawingPad } from "./drawing-pad.js"
 * @import { Box } from "./geometry.js"
 */

const REST_MS = 500;
/** Share of the visible width: ink beyond it makes the paper roll on. */
const FULL = 0.72;
/** Share of the visible width that is inked at most after the paper has rolled. No digit is cut. */
const KEPT = 0.6;
const MARGIN_PX = 16;
/** In visible widths: the canvas of a phone cannot hold more pixels. */
const MAX_LENGTH = 12;

/** Paper that grows with a number: it rolls on when the pen rests near its end. */
export class PaperRoll {
  #sheet;
  #surface;
  #pad;
  #timer = 0;
  /** The left edges of the digits, in pixels from the left of the paper. */
  #starts = /** @type {number[]} */ ([]);

  /**
   * @param {HTMLElement} sheet  the visible part of the paper, which scrolls
   * @param {HTMLElement} surface  the paper
   * @param {DrawingPad} pad
   * @param {AbortSignal} signal
   */
  constructor(sheet, surface, pad, signal) {
    this.#sheet = sheet;
    this.#surface = surface;
    this.#pad = pad;
    pad.addEventListener("pendown", () => this.#hold());
    pad.addEventListener("rest", () => this.#rest());
    const resizes = new ResizeObserver(() => this.#lay());
    resizes.observe(sheet);
    signal.addEventListener("abort", () => resizes.disconnect());
    sheet.addEventListener("scroll", () => sheet.classList.toggle("rolled", sheet.scrollLeft > 0));
    this.#lay();
  }

  /**
   * Take note of the digits on the paper.
   * @param {Reading} reading
   * @param {Box} crop  the part of the pad that was read
   */
  follow({ digits, size }, crop) {
    const toPad = crop.width / size[0];
    this.#starts = digits.map(({ box: [x] }) => crop.left + x * toPad);
  }

  get #isNumber() {
    return this.#starts.length > 1;
  }

  /** Stop scrolling under the pen. */
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
    const minLeft = end - KEPT * clientWidth;
    const whole = this.#starts.filter((start) => start - MARGIN_PX >= minLeft);
    const left = whole.length > 0 ? Math.min(...whole) - MARGIN_PX : minLeft;
    this.#sheet.scrollTo({ left });
  }

  /** Set the length of the paper by its ink. */
  #lay() {
    const { clientWidth } = this.#sheet;
    const end = this.#inkEnd;
    const isFull = end > (this.#isNumber ? FULL : 1) * clientWidth;
    const length = isFull ? Math.min(end + clientWidth, MAX_LENGTH * clientWidth) : 0;
    this.#surface.style.setProperty("--length", `${length}px`);
  }

  /** The right edge of the ink, in pixels from the left of the paper. */
  get #inkEnd() {
    if (this.#pad.isBlank) return 0;
    const { left, width } = boundingBox(this.#pad.strokes);
    return left + width;
  }
}
