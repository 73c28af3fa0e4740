import { find } from "../common/find.js";
import { turn, WHOLE } from "./crop-box.js";
import { CropSelection } from "./crop-selection.js";
import { keptPixels, paint } from "./photo-cut.js";

/**
 * @import { Sides } from "./crop-box.js"
 * @import { Cut } from "./photo-cut.js"
 */

/** A large screen shows no more of it. */
const MAX_SHOWN_PIXELS = 2_000_000;

/** The photo that is being rotated and cropped in the open editor. */
export class OpenPhoto {
  #frame = find("#editor .crop-frame", HTMLElement);
  #canvas = find("#editor canvas", HTMLCanvasElement);
  #size = find("#kept-size", HTMLOutputElement);
  #selection = new CropSelection(() => this.#tellSize());
  #closing = new AbortController();
  #bitmap;
  #turns = 0;

  /**
   * @param {ImageBitmap} bitmap
   * @param {Sides} box  where the crop begins
   */
  constructor(bitmap, box) {
    this.#bitmap = bitmap;
    this.#onClick("#rotate-left", () => this.#turn("left"));
    this.#onClick("#rotate-right", () => this.#turn("right"));
    this.#onClick("#reset", () => this.#reset());
    this.#show();
    this.#selection.select(box);
  }

  /** @returns {Cut} */
  get cut() {
    return { turns: this.#turns, box: this.#selection.box };
  }

  close() {
    this.#closing.abort();
    this.#selection.close();
    this.#bitmap.close();
  }

  /** @param {"left" | "right"} way */
  #turn(way) {
    this.#turns = (this.#turns + (way === "right" ? 1 : 3)) % 4;
    this.#show();
    this.#selection.box = turn(this.#selection.box, way);
  }

  #reset() {
    this.#turns = 0;
    this.#show();
    this.#selection.box = WHOLE;
  }

  #show() {
    paint(this.#canvas, this.#bitmap, { turns: this.#turns, box: WHOLE }, MAX_SHOWN_PIXELS);
    this.#frame.style.setProperty("--ratio", `${this.#canvas.width / this.#canvas.height}`);
  }

  #tellSize() {
    const { width, height } = keptPixels(this.#bitmap, this.cut);
    this.#size.textContent = `${width} × ${height} px`;
  }

  /**
   * @param {string} selector
   * @param {() => void} listener
   */
  #onClick(selector, listener) {
    const { signal } = this.#closing;
    find(selector, HTMLButtonElement).addEventListener("click", listener, { signal });
  }
}
