import { THRESHOLD } from "../common/settings.js";
import { PlaceEditor } from "./place-editor.js";
import { PlaceKeyboard } from "./place-keyboard.js";
import { PlaceKeys } from "./place-keys.js";
import { ReadingPanel } from "./reading-panel.js";
import { ReadingText } from "./reading-text.js";
import { SavedNote } from "./saved-note.js";
import { ShownText } from "./shown-text.js";
import { WhyPanel } from "./why-panel.js";

/**
 * @import { Connection } from "../common/connection.js"
 * @import { Entry, Picture, Problem, Reading } from "../common/contract.js"
 * @import { Corrections } from "./corrections.js"
 * @import { DigitBoxes } from "./digit-boxes.js"
 *
 * A reading, with the boxes on its picture; the picture, or the strokes of a drawing and the size of
 * the picture that they are on; whether it was read without signs, and whether it does not follow the pen, since the connection is lost; the id that
 * its entry has or will have.
 * @typedef {object} Subject
 * @property {string} id
 * @property {Reading} reading
 * @property {Picture} [image]
 * @property {number[][]} [strokes]
 * @property {[number, number]} [size]
 * @property {boolean} digits_only
 * @property {boolean} [isOld]
 * @property {DigitBoxes} boxes
 *
 * @typedef {object} Listener
 * @property {() => void} onUnsaved  a reading was corrected that is to be saved first
 * @property {(sentence: string) => void} onTold
 * @property {(failure: Problem) => void} onFailure
 */

/** A reading, its explanation, and its corrections by a person. */
export class ReadingView {
  #listener;
  #corrections;
  #editor;
  #text;
  #keys;
  #panel;
  #note;
  #why;
  /** @type {Subject | null} */ #subject = null;
  /** @type {ShownText | null} */ #shown = null;
  /** @type {Entry | null} */ #entry = null;
  #isGrowing = false;
  /** The digit under the mouse or with the focus. @type {number | null} */ #position = null;

  /**
   * @param {Connection} connection
   * @param {Corrections} corrections
   * @param {Listener} listener
   */
  constructor(connection, corrections, listener) {
    const correct = (/** @type {string} */ text) => this.#correct(text);
    const refuse = (/** @type {string} */ message) =>
      listener.onFailure({ code: "invalid_payload", message });
    this.#listener = listener;
    this.#corrections = corrections;
    corrections.addEventListener("change", (event) => {
      this.#assign(/** @type {CustomEvent} */ (event).detail);
      this.#render();
    });
    this.#why = new WhyPanel(connection);
    this.#panel = new ReadingPanel(
      (digit) => this.#why.compareWith(digit),
      (text) => this.#replace(text),
    );
    this.#note = new SavedNote((entry, text) => this.#send(entry.id, text), listener.onTold);
    this.#editor = new PlaceEditor({ onPlace: () => this.#render(), onText: correct });
    const keyboard = new PlaceKeyboard(this.#editor, refuse);
    this.#text = new ReadingText({
      onChoose: (at) => this.#editor.toggle(at),
      onPoint: (at) => this.point(at === null ? null : this.#positionAt(at)),
      onKey: (event, at) => keyboard.press(event, at),
    });
    this.#keys = new PlaceKeys(this.#editor, {
      onPressed: (isKeyboard) => this.#moveFocus(isKeyboard),
      onCompare: (digit) => this.#why.isOpen && this.#why.compareWith(digit),
      onKey: (event) => keyboard.press(event, null),
    });
  }

  /** @param {Subject | null} subject */
  show(subject) {
    const isSame =
      subject?.reading.text === this.#subject?.reading.text && subject?.id === this.#subject?.id;
    this.#subject = subject;
    if (!isSame) this.#editor.reset();
    this.#render();
  }

  /** @param {Entry | null} entry  of the reading; null: it is not saved */
  showEntry(entry) {
    this.#entry = entry;
    this.#render();
  }

  /** Take note that an entry was changed, maybe elsewhere. @param {Entry} changed */
  update(changed) {
    if (this.#assign(changed)) this.#render();
  }

  /**
   * Change the entry that is shown, if it is this one.
   * @param {Entry | null} changed
   * @returns {boolean} whether it is
   */
  #assign(changed) {
    const entry = this.#entry;
    if (!changed || entry?.id !== changed.id) return false;
    if (entry.image_version !== changed.image_version) return false;
    takeOver(entry, changed);
    return true;
  }

  /** @param {number | null} position  of a digit to look at; null: none in particular */
  point(position) {
    this.#position = position;
    this.#look();
  }

  /** Correct a digit of the reading. @param {number} position */
  choose(position) {
    this.#editor.choose(this.#shown?.placeOf(position) ?? -1);
    if (this.#editor.place) this.#text.focus();
  }

  /** Point at no place: the writing goes on. @param {boolean} isGrowing  a stroke is being made */
  follow(isGrowing) {
    this.#isGrowing = isGrowing;
    this.#editor.leave();
  }

  announce() {
    this.#panel.announce();
  }

  toggleWhy() {
    this.#why.toggle();
  }

  /** Take an alternative, whose button is gone then. @param {string} text */
  #replace(text) {
    this.#editor.replace(text);
    this.#text.focusWhole();
  }

  /** @param {string} text */
  async #correct(text) {
    const subject = this.#subject;
    if (!subject) return;
    if (this.#entry?.id !== subject.id) this.#listener.onUnsaved();
    const answer = this.#send(subject.id, text);
    this.#panel.announce();
    const failure = await answer;
    if (failure) this.#listener.onFailure(failure);
  }

  /**
   * @param {string} id  of the entry
   * @param {string} text
   * @returns {Promise<Problem | null>} null: it is accepted
   */
  async #send(id, text) {
    const entry = this.#entry;
    const answer = await this.#corrections.correct(id, text);
    if (!answer.ok) return answer.error;
    if (entry?.id === id) takeOver(entry, answer.entry); // it is also on the list of photos
    return null;
  }

  #render() {
    const subject = this.#subject;
    const corrected = subject && this.#correctedTextOf(subject.id);
    this.#shown = subject && new ShownText(subject.reading, corrected, THRESHOLD);
    this.#editor.shown = this.#shown;
    this.#text.show(this.#shown, this.#editor.place);
    this.#panel.show(this.#shown, subject?.isOld);
    this.#note.show(this.#entry);
    this.#look();
  }

  /** Show the place that is pointed at or, if none is, the digit that is looked at. */
  #look() {
    const { place, character } = this.#editor;
    const position = place ? this.#positionAt(place.at) : this.#position;
    this.#panel.point(position, place !== null);
    const subject = this.#subject;
    if (this.#shown && subject) {
      this.#keys.show(this.#shown, this.#editor, !subject.digits_only);
      subject.boxes.showText(this.#shown, character?.position ?? null);
    }
    const isSomething = (subject?.reading.digits.length ?? 0) > 0;
    this.#why.show(isSomething ? subject : null, position);
  }

  /** Return the text of an entry by a person, if any: what grows has none. @param {string} id */
  #correctedTextOf(id) {
    if (this.#isGrowing) return null;
    const accepted = this.#entry?.id === id ? this.#entry.corrected : null;
    return this.#corrections.of(id) ?? accepted;
  }

  /** Return the position of the digit at a place of the text, if any. @param {number} at */
  #positionAt(at) {
    return this.#shown?.characters[at]?.position ?? null;
  }

  /** After a key below the reading. @param {boolean} isKeyboard */
  #moveFocus(isKeyboard) {
    if (isKeyboard && this.#editor.place) this.#keys.focus();
    else if (isKeyboard || this.#editor.place) this.#text.focus();
    else this.#text.focusWhole();
  }
}

/**
 * Change an entry. Its reading stays the object that the boxes of its digits belong to.
 * @param {Entry} entry
 * @param {Entry} changed
 */
function takeOver(entry, { reading: _, ...changes }) {
  Object.assign(entry, changes);
}
