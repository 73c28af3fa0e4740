import { sessionStore } from "../common/storage.js";
import { inkPicture, KEPT } from "./ink-picture.js";

/**
 * @import { Connection } from "../common/connection.js"
 * @import { Entry, Problem } from "../common/contract.js"
 * @import { Sketch } from "./timeline.js"
 *
 * @typedef {object} Listener
 * @property {(sketch: Sketch, entry: Entry) => void} onSaved
 * @property {(sketch: Sketch, failure: Problem) => void} onFailure
 */

const NAME = "outbox";
const RETRY_MS = 3_000;
const TEMPORARY = new Set(["rate_limited", "unavailable", "sign_in_required"]);

/** Drawings to be saved: each is kept, also over a reload, until the server has it. */
export class Outbox {
  #connection;
  #listener;
  #sketches = new Map(sessionStore.get(NAME, /** @type {[string, Sketch][]} */ ([])));
  #sending = false;

  /**
   * @param {Connection} connection
   * @param {Listener} listener
   */
  constructor(connection, listener) {
    this.#connection = connection;
    this.#listener = listener;
    this.#send();
  }

  /**
   * Save a drawing. A newer sketch replaces one of the same drawing that still waits.
   * @param {Sketch} sketch
   */
  put(sketch) {
    this.#sketches.set(sketch.drawing, sketch);
    this.#store();
    this.#send();
  }

  async #send() {
    if (this.#sending) return;
    this.#sending = true;
    while (this.#sketches.size > 0) {
      for (const sketch of this.#sketches.values()) await this.#save(sketch);
    }
    this.#sending = false;
  }

  /** @param {Sketch} sketch */
  async #save(sketch) {
    const { drawing, strokes } = sketch;
    const picture = await inkPicture(strokes, KEPT);
    if (!picture) return this.#settle(sketch);
    const payload = { drawing, image: picture.image, strokes: picture.strokes };
    const answer = await this.#connection.request("save", payload);
    if (answer.ok) {
      this.#settle(sketch);
      return this.#listener.onSaved(sketch, answer.entry);
    }
    this.#listener.onFailure(sketch, answer.error);
    if (TEMPORARY.has(answer.error.code)) await new Promise((next) => setTimeout(next, RETRY_MS));
    else this.#settle(sketch);
  }

  /** @param {Sketch} sketch */
  #settle(sketch) {
    if (this.#sketches.get(sketch.drawing) === sketch) this.#sketches.delete(sketch.drawing);
    this.#store();
  }

  #store() {
    sessionStore.set(NAME, [...this.#sketches]);
  }
}
