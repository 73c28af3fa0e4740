import { sessionStore } from "../common/storage.js";

/**
 * @import { Entry } from "../common/contract.js"
 * @import { DrawingPad } from "./drawing-pad.js"
 * @import { Outbox, Terms } from "./outbox.js"
 * @import { Sketch } from "./timeline.js"
 *
 * @typedef {object} Listener
 * @property {() => Terms} terms  how what is on the pad is to be kept
 * @property {() => boolean} continues  whether a number that has rested is finished
 * @property {() => void} onSaving
 * @property {(entry: Entry | null) => void} onSaved  as what the pad is saved; null: it is not
 *
 * `list`: the list into which the sketch was put; absent: it was not put into the outbox.
 * @typedef {{sketch: Sketch | null, list?: string | null}} StoredDrawing
 */

const NAME = "sketch";
const SAVE_AFTER_MS = 1_000;
const MAX_KNOWN = 100; // drawings: the last ones, which undo can bring back

/** Return the drawing that was on the pad before a reload. @returns {StoredDrawing} */
export function storedDrawing() {
  return sessionStore.get(NAME, { sketch: null });
}

/**
 * The drawing on its way into the history: after a pause, when the next one begins, when the page
 * is left, or when asked.
 */
export class DrawingKeeper {
  #pad;
  #outbox;
  #listener;
  #timer = 0;
  /** The drawing that is kept. */
  #held = "";
  /** What was put last of each drawing, and into which list.
   * @type {Map<string, [Sketch, string | null]>} */
  #puts = new Map();
  /** What was saved last of each drawing. @type {Map<string, [Sketch, Entry]>} */
  #saved = new Map();

  /**
   * @param {Outbox} outbox
   * @param {DrawingPad} pad
   * @param {Listener} listener
   */
  constructor(outbox, pad, listener) {
    this.#pad = pad;
    this.#outbox = outbox;
    this.#listener = listener;
    const { sketch, list } = storedDrawing();
    if (sketch && list !== undefined) this.#note(pad.sketch, list);
    pad.addEventListener("pendown", () => clearTimeout(this.#timer));
    pad.addEventListener("ink", () => listener.onSaved(null));
    pad.addEventListener("rest", () => this.rest());
    this.rest();
  }

  /** Save the drawing now. */
  save() {
    this.#put(this.#listener.terms());
  }

  /** Save the drawing after a pause even if it has not changed. */
  saveAgain() {
    this.#puts.delete(this.#pad.sketch.drawing);
    this.rest();
  }

  /** Keep the number, and begin the next one on a clean sheet. */
  next() {
    if (!this.#isPut) this.save();
    this.#pad.clear();
  }

  /** Clear the paper. What was on it is kept in the history, but on no list. */
  clear() {
    if (!this.#pad.isBlank) this.#put({ ...this.#listener.terms(), list: null });
    this.#pad.clear();
  }

  /**
   * Take note of an entry that was saved or changed, maybe by another page of this browser.
   * @param {Entry} entry
   */
  async noteElsewhere(entry) {
    const { sketch } = this.#pad;
    if (entry.id !== sketch.drawing || (await this.#outbox.holds(entry.id))) return;
    if (sketch === this.#pad.sketch && this.#isPut) this.note(sketch, entry);
  }

  /**
   * Take note of an entry that was saved.
   * @param {Sketch} sketch
   * @param {Entry} entry
   */
  note(sketch, entry) {
    remember(this.#saved, sketch.drawing, [sketch, entry]);
    this.#showSaved();
  }

  /** Save the drawing while the page is being left. */
  leave() {
    this.#pad.finishStroke();
    clearTimeout(this.#timer);
    if (this.#isPut) return;
    const terms = this.#listener.terms();
    this.#outbox.putLast(this.#pad.sketch, terms);
    this.#note(this.#pad.sketch, terms.list);
    this.#store();
  }

  /** Whether what is on the pad is in the outbox, or nothing is on it. */
  get #isPut() {
    return this.#pad.isBlank || this.#list === this.#listener.terms().list;
  }

  /** The list into which the sketch was put; undefined: another of its drawing was put last. */
  get #list() {
    const [sketch, list] = this.#puts.get(this.#pad.sketch.drawing) ?? [];
    return sketch === this.#pad.sketch ? list : undefined;
  }

  /**
   * @param {Sketch} sketch
   * @param {string | null} list
   */
  #note(sketch, list) {
    remember(this.#puts, sketch.drawing, [sketch, list]);
  }

  /** Keep the drawing, and save it after a pause. */
  rest() {
    this.#store();
    this.#showSaved();
    this.#hold();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#finish(), SAVE_AFTER_MS);
  }

  /** Keep the drawing from now on, should the page or the browser crash; not one that was undone. */
  #hold() {
    const { sketch, isBlank } = this.#pad;
    if (isBlank || this.#held !== sketch.drawing) this.#outbox.forget(this.#held);
    if (isBlank || this.#isPut) return;
    this.#held = sketch.drawing;
    this.#puts.delete(sketch.drawing); // this takes its place in the outbox
    this.#outbox.hold(sketch, this.#listener.terms());
  }

  #finish() {
    if (!this.#isPut) this.save();
    if (this.#listener.continues()) this.#pad.finish();
  }

  /** @param {Terms} terms */
  #put(terms) {
    clearTimeout(this.#timer);
    this.#note(this.#pad.sketch, terms.list);
    this.#listener.onSaving();
    this.#outbox.put(this.#pad.sketch, terms);
    this.#store();
  }

  #showSaved() {
    const [sketch, entry] = this.#saved.get(this.#pad.sketch.drawing) ?? [];
    if (sketch && entry && isSame(sketch, this.#pad.sketch)) this.#listener.onSaved(entry);
  }

  #store() {
    sessionStore.set(NAME, { sketch: this.#pad.sketch, list: this.#list });
  }
}

/**
 * Put into a map the newest of its few values.
 * @template Value
 * @param {Map<string, Value>} values
 * @param {string} key
 * @param {Value} value
 */
function remember(values, key, value) {
  values.delete(key);
  values.set(key, value);
  const [oldest = ""] = values.keys();
  if (values.size > MAX_KNOWN) values.delete(oldest);
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
