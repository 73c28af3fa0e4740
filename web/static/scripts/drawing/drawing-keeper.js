import { sessionStore } from "../common/storage.js";
import { Outbox } from "./outbox.js";

/**
 * @import { Connection } from "../common/connection.js"
 * @import { Entry, Problem } from "../common/contract.js"
 * @import { DrawingPad } from "./drawing-pad.js"
 * @import { Sketch } from "./timeline.js"
 *
 * @typedef {object} Listener
 * @property {() => void} onSaving
 * @property {(entry: Entry | null) => void} onSaved  as what the pad is saved; null: it is not
 * @property {(failure: Problem) => void} onFailure
 *
 * @typedef {{sketch: Sketch | null, isPut: boolean}} StoredDrawing
 */

const NAME = "sketch";
const SAVE_AFTER_MS = 1_000;

/** Return the drawing that was on the pad before a reload. @returns {StoredDrawing} */
export function storedDrawing() {
  return sessionStore.get(NAME, { sketch: null, isPut: false });
}

/** The drawing on its way to be saved: after a pause, when the page is left, or when asked. */
export class DrawingKeeper {
  #pad;
  #outbox;
  #listener;
  #timer = 0;
  /** @type {Sketch | null} */ #sent;
  /** @type {Sketch | null} */ #asked = null;
  /** The last saved sketch and its entry. @type {[Sketch, Entry] | null} */ #saved = null;

  /**
   * @param {Connection} connection
   * @param {DrawingPad} pad
   * @param {Listener} listener
   */
  constructor(connection, pad, listener) {
    this.#pad = pad;
    this.#listener = listener;
    this.#sent = storedDrawing().isPut ? pad.sketch : null;
    this.#outbox = new Outbox(connection, {
      onSaved: (sketch, entry) => this.#note(sketch, entry),
      onFailure: (sketch, failure) => this.#fail(sketch, failure),
    });
    pad.addEventListener("pendown", () => clearTimeout(this.#timer));
    pad.addEventListener("ink", () => listener.onSaved(null));
    pad.addEventListener("rest", () => this.#rest());
    addEventListener("pagehide", () => {
      pad.finishStroke();
      this.#saveIfNew();
    });
    this.#rest();
  }

  /** Save the drawing now. */
  save() {
    this.#asked = this.#pad.sketch;
    this.#send();
  }

  #rest() {
    this.#store();
    if (this.#saved) this.#note(...this.#saved);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#saveIfNew(), SAVE_AFTER_MS);
  }

  /**
   * @param {Sketch} sketch
   * @param {Entry} entry
   */
  #note(sketch, entry) {
    this.#saved = [sketch, entry];
    if (isSame(sketch, this.#pad.sketch)) this.#listener.onSaved(entry);
  }

  #saveIfNew() {
    if (!this.#pad.isBlank && this.#pad.sketch !== this.#sent) this.#send();
  }

  #send() {
    clearTimeout(this.#timer);
    this.#sent = this.#pad.sketch;
    this.#listener.onSaving();
    this.#outbox.put(this.#sent);
    this.#store();
  }

  #store() {
    const { sketch } = this.#pad;
    sessionStore.set(NAME, { sketch, isPut: sketch === this.#sent });
  }

  /**
   * Report a failure, unless a drawing that was saved by itself is not a digit.
   * @param {Sketch} sketch
   * @param {Problem} failure
   */
  #fail(sketch, failure) {
    if (failure.code !== "no_ink" || sketch === this.#asked) this.#listener.onFailure(failure);
  }
}

/**
 * Return whether two sketches have the same strokes; one may come from before a reload.
 * @param {Sketch} one
 * @param {Sketch} other
 */
function isSame(one, other) {
  const [strokes, others] = [one.strokes, other.strokes].map((value) => JSON.stringify(value));
  return one.drawing === other.drawing && strokes === others;
}
