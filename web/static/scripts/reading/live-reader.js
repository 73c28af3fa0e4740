import { inkPicture, LIVE } from "../drawing/ink-picture.js";
import { FramePace } from "./frame-pace.js";

/**
 * @import { DigitsSocket, Problem, Prediction, Reading } from "../common/contract.js"
 * @import { DigitsOnly } from "../common/digits-only.js"
 * @import { DrawingPad } from "../drawing/drawing-pad.js"
 * @import { InkPicture } from "../drawing/ink-picture.js"
 *
 * @typedef {InkPicture & {drawing: string, digits_only: boolean}} SentPicture
 *
 * @typedef {object} Listener
 * @property {(reading: Reading, picture: SentPicture) => void} onReading
 * @property {() => void} onBlank
 * @property {() => void} onLost  the connection: the reading does not follow the pen
 * @property {(failure: Problem) => void} onFailure
 * @property {(roundTrip_ms: number) => void} onRoundTrip
 */

const ANSWER_WAIT_MS = 500;

/**
 * The live reading of the drawing. At most one frame is in flight until its prediction arrives or
 * ANSWER_WAIT_MS passes. The next one leaves a gap later.
 */
export class LiveReader {
  #socket;
  #pad;
  #digitsOnly;
  #listener;
  #wanted = false;
  #busy = false;
  #timer = 0;
  #seq = 0;
  /** The frame in flight; 0: there is none. */
  #awaited = 0;
  /** Predictions up to this number are stale. */
  #settled = 0;
  /** @type {SentPicture | null} */ #sent = null;
  #sentAt_ms = -Infinity;
  #pace = new FramePace();
  /** The time that the last picture took: the next is begun this long before it is due. */
  #making_ms = 0;

  /**
   * @param {DigitsSocket} socket
   * @param {DrawingPad} pad
   * @param {DigitsOnly} digitsOnly
   * @param {Listener} listener
   */
  constructor(socket, pad, digitsOnly, listener) {
    this.#socket = socket;
    this.#pad = pad;
    this.#digitsOnly = digitsOnly;
    this.#listener = listener;
    socket.on("prediction", (prediction) => this.#receive(prediction));
    socket.on("connect", () => this.#readAgain());
    socket.on("disconnect", () => listener.onLost());
    pad.addEventListener("ink", () => this.#read());
    digitsOnly.addEventListener("change", () => this.#readAgain());
    if (socket.connected) this.#readAgain();
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
    const begun_ms = performance.now();
    const pause_ms = this.#pace.pause_ms - this.#making_ms;
    if (pause_ms > 0) return this.#hold(pause_ms, () => this.#free());
    this.#wanted = false;
    this.#busy = true;
    const { drawing } = this.#pad;
    const picture = await inkPicture(this.#pad.strokes, LIVE);
    this.#making_ms = performance.now() - begun_ms;
    await sleep(this.#pace.pause_ms);
    const isCurrent = drawing === this.#pad.drawing && !this.#pad.isBlank;
    if (!picture || !isCurrent || !this.#socket.connected) return this.#free();
    const sent = { ...picture, drawing, digits_only: this.#digitsOnly.isOn };
    if (this.#isSent(sent)) this.#free();
    else this.#emit(sent);
  }

  /** @param {SentPicture} picture */
  #emit(picture) {
    this.#sent = picture;
    this.#seq += 1;
    const { drawing, image, strokes, digits_only } = picture;
    this.#socket.emit("frame", { drawing, seq: this.#seq, image, strokes, digits_only });
    this.#sentAt_ms = performance.now();
    this.#awaited = this.#seq;
    this.#hold(ANSWER_WAIT_MS, () => this.#giveUp());
  }

  /** @param {Prediction} prediction */
  #receive(prediction) {
    const isAwaited = prediction.seq === this.#awaited;
    const roundTrip_ms = performance.now() - this.#sentAt_ms;
    if (isAwaited) this.#settle(roundTrip_ms);
    this.#show(prediction);
    if (!isAwaited) return;
    this.#listener.onRoundTrip(roundTrip_ms);
    this.#free();
  }

  /** @param {Prediction} prediction */
  #show({ drawing, seq, reading, error }) {
    if (seq <= this.#settled || drawing !== this.#pad.drawing) return;
    this.#settled = seq;
    if (error) this.#listener.onFailure(error);
    else if (reading && this.#sent) this.#listener.onReading(reading, this.#sent);
  }

  /** Return whether this picture was sent last. @param {SentPicture} picture */
  #isSent({ drawing, image }) {
    const sent = this.#sent;
    if (sent?.drawing !== drawing || sent.image.length !== image.length) return false;
    return sent.image.every((byte, index) => byte === image[index]);
  }

  #giveUp() {
    this.#settle(ANSWER_WAIT_MS);
    this.#free();
  }

  /** End the wait for an answer. @param {number} waited_ms */
  #settle(waited_ms) {
    this.#awaited = 0;
    this.#pace.note(waited_ms);
  }

  /**
   * @param {number} pause_ms
   * @param {() => void} onEnd
   */
  #hold(pause_ms, onEnd) {
    this.#busy = true;
    this.#timer = setTimeout(onEnd, pause_ms);
  }

  #free() {
    clearTimeout(this.#timer);
    this.#busy = false;
    if (this.#wanted) this.#send();
  }
}

/** @param {number} pause_ms */
async function sleep(pause_ms) {
  if (pause_ms > 0) await new Promise((resolve) => setTimeout(resolve, pause_ms));
}
