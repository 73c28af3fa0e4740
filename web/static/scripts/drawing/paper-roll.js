import { boundingBox } from "./geometry.js";

/**
 * @import { Reading } from "../common/contract.js"
 * @import { DrawingPad } from "./drawing-pad.js"
 * @import { Box } from "./geometry.js"
 */

const REST_MS = 500;
/** Share of the visible width that is inked at most after the paper has rolled. */
const KEPT = 0.6;
/** Space before and after a digit. */
const MARGIN_PX = 16;
/** Width over height of the next digit, at least: a 1 is narrower than those after it. */
const MIN_ASPECT = 0.6;
/** In visible widths: the canvas of a phone cannot hold more pixels. */
const MAX_LENGTH = 12;

/** Paper that grows with a number: it rolls on at a rest when the next digit does not fit. */
export class PaperRoll {
  #sheet;
  #surface;
  #pad;
  #timer = 0;
  /** The digits, in pixels of the paper. */
  #digits = /** @type {Box[]} */ ([]);

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
    this.#digits = digits.map(({ box: [x, y, width, height] }) => ({
      left: crop.left + x * toPad,
      top: crop.top + y * toPad,
      width: width * toPad,
      height: height * toPad,
    }));
  }

  /** The width that the next digit of this hand takes. A single digit may fill the paper. */
  get #room() {
    if (this.#digits.length < 2) return 0;
    const widths = this.#digits.map(({ width, height }) => Math.max(width, MIN_ASPECT * height));
    return Math.max(...widths) + 2 * MARGIN_PX;
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
    this.#digits = [];
    this.#lay();
  }

  #roll() {
    const { clientWidth, scrollLeft } = this.#sheet;
    const [end, room] = [this.#inkEnd, this.#room];
    if (room === 0 || end + room <= scrollLeft + clientWidth) return;
    this.#lay();
    const minLeft = end - Math.max(0, Math.min(KEPT * clientWidth, clientWidth - room));
    const whole = this.#digits
      .map(({ left }) => left - MARGIN_PX)
      .filter((left) => left >= minLeft); // no digit is cut
    this.#sheet.scrollTo({ left: whole.length > 0 ? Math.min(...whole) : minLeft });
  }

  /** Set the length of the paper by its ink. */
  #lay() {
    const { clientWidth } = this.#sheet;
    const end = this.#inkEnd;
    const isFull = end + this.#room > clientWidth;
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
