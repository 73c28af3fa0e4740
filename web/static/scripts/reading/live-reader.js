import { inkPicture, LIVE } from "../drawing/ink-picture.js";

/**
 * @import { DigitsSocket, Problem, Prediction, Reading } from "../common/contract.js"
 * @import { DrawingPad } from "../drawing/drawing-pad.js"
 * @import { InkPicture } from "../drawing/ink-picture.js"
 *
 * @typedef {object} Listener
 * @property {(reading: Reading, picture: InkPicture) => void} onReading
 * @property {() => void} onBlank
 * @property {(failure: Problem) => void} onFailure
 * @property {(roundTrip_ms: number) => void} onRoundTrip
 */

const FRAME_INTERVAL_MS = 33;
const ANSWER_WAIT_MS = 500;

/**
 * The live reading of the drawing. At most one frame is in flight until its prediction arrives or
 * ANSWER_WAIT_MS passes, and no two are sent within FRAME_INTERVAL_MS.
 */
export class LiveReader {
  #socket;
  #pad;
  #listener;
  #wanted = false;
  #busy = false;
  #timer = 0;
  #seq = 0;
  /** Predictions up to this number are stale. */
  #settled = 0;
  /** @type {InkPicture | null} */ #sent = null;
  #sentAt_ms = -Infinity;
  /** The time that the last picture took: the next is begun this long before it is due. */
  #making_ms = 0;

  /**
   * @param {DigitsSocket} socket
   * @param {DrawingPad} pad
   * @param {Listener} listener
   */
  constructor(socket, pad, listener) {
    this.#socket = socket;
    this.#pad = pad;
    this.#listener = listener;
    socket.on("prediction", (prediction) => this.#receive(prediction));
    socket.on("connect", () => this.#readAgain());
    pad.addEventListener("ink", () => this.#read());
  }

  /** Read the drawing even if it has not changed. */
  #readAgain() {
    this.#sent = null;
    this.#read();
  }

  #read() {
    if (this.#pad.isBlank) return this.#clear();
    this.#wanted = true;
    if (!this.#busy) this.#send();
  }

  #clear() {
    this.#wanted = false;
    this.#sent = null;
    this.#settled = this.#seq;
    this.#listener.onBlank();
  }

  async #send() {
    const due_ms = this.#sentAt_ms + FRAME_INTERVAL_MS;
    const begun_ms = performance.now();
    const pause_ms = due_ms - this.#making_ms - begun_ms;
    if (pause_ms > 0) return this.#holdFor(pause_ms);
    this.#wanted = false;
    this.#busy = true;
    const { drawing } = this.#pad.sketch;
    const picture = await inkPicture(this.#pad.strokes, LIVE);
    this.#making_ms = performance.now() - begun_ms;
    await waitUntil(due_ms);
    const isCurrent = drawing === this.#pad.sketch.drawing && !this.#pad.isBlank;
    if (picture && isCurrent && this.#socket.connected && !this.#isSent(picture)) {
      this.#emit(drawing, picture);
    } else {
      this.#free();
    }
  }

  /**
   * @param {string} drawing
   * @param {InkPicture} picture
   */
  #emit(drawing, picture) {
    this.#sent = picture;
    this.#seq += 1;
    const { image, strokes } = picture;
    this.#socket.emit("frame", { drawing, seq: this.#seq, image, strokes });
    this.#sentAt_ms = performance.now();
    this.#holdFor(ANSWER_WAIT_MS);
  }

  /** @param {Prediction} prediction */
  #receive({ drawing, seq, reading, error }) {
    if (seq === this.#seq) {
      this.#listener.onRoundTrip(performance.now() - this.#sentAt_ms);
      this.#free();
    }
    if (seq <= this.#settled || drawing !== this.#pad.sketch.drawing) return;
    this.#settled = seq;
    if (error) this.#listener.onFailure(error);
    else if (reading && this.#sent) this.#listener.onReading(reading, this.#sent);
  }

  /** Return whether this picture was sent last. @param {InkPicture} picture */
  #isSent({ image }) {
    const sent = this.#sent?.image;
    return sent?.length === image.length && sent.every((byte, index) => byte === image[index]);
  }

  /** @param {number} pause_ms */
  #holdFor(pause_ms) {
    this.#busy = true;
    this.#timer = setTimeout(() => this.#free(), pause_ms);
  }

  #free() {
    clearTimeout(this.#timer);
    this.#busy = false;
    if (this.#wanted) this.#send();
  }
}

/**
 * Wait until this time.
 * @param {number} time_ms
 */
async function waitUntil(time_ms) {
  const left_ms = time_ms - performance.now();
  if (left_ms > 0) await new Promise((resolve) => setTimeout(resolve, left_ms));
}
