import { penLines } from "../drawing/ink-picture.js";
import { FramePace } from "./frame-pace.js";

/**
 * @import { DigitsSocket, Problem, Prediction, Reading } from "../common/contract.js"
 * @import { DigitsOnly } from "../common/digits-only.js"
 * @import { DrawingPad } from "../drawing/drawing-pad.js"
 * @import { PenLines } from "../drawing/ink-picture.js"
 *
 * @typedef {PenLines & {drawing: string, digits_only: boolean}} Sent
 *
 * @typedef {object} Listener
 * @property {(reading: Reading, sent: Sent) => void} onReading
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
  /** @type {Sent | null} */ #sent = null;
  #sentAt_ms = -Infinity;
  #pace = new FramePace();

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

  #send() {
    const { pause_ms } = this.#pace;
    if (pause_ms > 0) return this.#hold(pause_ms, () => this.#free());
    this.#wanted = false;
    if (!this.#socket.connected) return;
    const { drawing, strokes } = this.#pad;
    const frame = { ...penLines(strokes), drawing, digits_only: this.#digitsOnly.isOn };
    if (!this.#isSent(frame)) this.#emit(frame);
  }

  /** @param {Sent} frame */
  #emit(frame) {
    this.#sent = frame;
    this.#seq += 1;
    const { drawing, strokes, size, digits_only } = frame;
    this.#socket.emit("frame", { drawing, seq: this.#seq, strokes, size, digits_only });
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

  /** Return whether these strokes were sent last. @param {Sent} frame */
  #isSent({ drawing, strokes }) {
    const sent = this.#sent;
    return sent?.drawing === drawing && JSON.stringify(sent.strokes) === JSON.stringify(strokes);
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
    if (this.#wanted) this.#read();
  }
}
