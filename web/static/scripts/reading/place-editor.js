import { afterInsertion, moved, withCharacter, withoutCharacter } from "./places.js";

/**
 * @import { Place } from "./places.js"
 * @import { ShownText } from "./shown-text.js"
 *
 * @typedef {object} Listener
 * @property {() => void} onPlace  another place, or none, is pointed at
 * @property {(text: string) => void} onText  the text was corrected
 */

/** The place in a text that is pointed at, and the corrections there. */
export class PlaceEditor {
  #listener;
  /** @type {ShownText | null} */ #shown = null;
  /** @type {Place | null} */ #place = null;
  /** The texts before each correction. @type {{text: string, place: Place | null}[]} */ #past = [];
  /** Positions of the digits that a person has put or kept. @type {Set<number>} */
  #settled = new Set();

  /** @param {Listener} listener */
  constructor(listener) {
    this.#listener = listener;
  }

  /** @param {ShownText | null} shown  the text as it is now */
  set shown(shown) {
    this.#shown = shown;
    if ((this.#place?.at ?? 0) >= this.#count) this.#place = null;
  }

  get place() {
    return this.#place;
  }

  /** The character that is pointed at. */
  get character() {
    return this.#place?.side === 0 ? (this.#shown?.characters[this.#place.at] ?? null) : null;
  }

  get canRemove() {
    return this.#count > 1;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get #count() {
    return this.#shown?.characters.length ?? 0;
  }

  get #text() {
    return this.#shown?.text ?? "";
  }

  /** Point at a character. @param {number} at */
  choose(at) {
    if (at >= 0 && at < this.#count) this.#point({ at, side: 0 });
  }

  /** Point at a character, or at none if it is pointed at already. @param {number} at */
  toggle(at) {
    if (this.#place?.at === at && this.#place.side === 0) this.leave();
    else this.choose(at);
  }

  /** Point at the gap beside the place. @param {-1 | 1} side */
  insert(side) {
    if (this.#place) this.#point({ at: this.#place.at, side });
  }

  /** @param {string} key @returns {boolean} whether it is a key that moves */
  move(key) {
    const place = this.#place && moved(this.#place, key, this.#text);
    if (place) this.#point(place);
    return Boolean(place);
  }

  leave() {
    if (this.#place) this.#point(null);
  }

  /** Forget another text. */
  reset() {
    this.#past = [];
    this.#settled.clear();
    this.leave();
  }

  /** Put a character here, and go to the next unsure one. @param {string} character */
  put(character) {
    this.#put(character, () => this.#nextUnsure());
  }

  /** Put a character here, and go to the next one. @param {string} character */
  type(character) {
    this.#put(character, (place) => moved(place, "ArrowRight", this.#text) ?? null);
  }

  /** Delete the character here or, in a gap, the one before (-1) or after (1) it. @param {-1 | 1} step */
  remove(step) {
    if (!this.#place || !this.canRemove) return;
    const { at, side } = this.#place;
    const removed = side === 0 || side === -step ? at : at + step;
    if (removed < 0 || removed >= this.#count) return;
    this.#change(...withoutCharacter(this.#text, removed));
  }

  /** Take another text for the whole. @param {string} text */
  replace(text) {
    this.#change(text, null);
  }

  undo() {
    const last = this.#past.pop();
    if (!last) return;
    this.#place = last.place;
    this.#listener.onText(last.text);
  }

  /**
   * @param {string} character
   * @param {(place: Place) => Place | null} next  the place to go to from a character
   */
  #put(character, next) {
    if (!this.#place) return;
    const text = withCharacter(this.#text, this.#place, character);
    const position = this.character?.position ?? null;
    if (position !== null) this.#settled.add(position);
    this.#change(text, this.#place.side ? afterInsertion(this.#place) : next(this.#place));
  }

  /** @returns {Place | null} */
  #nextUnsure() {
    const from = this.#place?.at ?? 0;
    const at = this.#shown?.characters.findIndex(
      ({ isUnsure, position }, index) =>
        index > from && isUnsure && position !== null && !this.#settled.has(position),
    );
    return at === undefined || at < 0 ? null : { at, side: 0 };
  }

  /**
   * A text that was kept as it was read is a correction too; one that is corrected is not again.
   * @param {string} text
   * @param {Place | null} place
   */
  #change(text, place) {
    if (text === this.#text && this.#shown?.isCorrected) return this.#point(place);
    this.#past.push({ text: this.#text, place: this.#place });
    this.#place = place;
    this.#listener.onText(text);
  }

  /** @param {Place | null} place */
  #point(place) {
    this.#place = place;
    this.#listener.onPlace();
  }
}
