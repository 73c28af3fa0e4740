import { isInText, NOT_IN_TEXT } from "./correction.js";

/**
 * @import { PlaceEditor } from "./place-editor.js"
 */

/** The keyboard while the focus is on the reading or on the keys below it. */
export class PlaceKeyboard {
  #editor;
  #onRefused;
  /** @type {Record<string, () => void>} */ #actions;

  /**
   * @param {PlaceEditor} editor
   * @param {(sentence: string) => void} onRefused  a letter was typed
   */
  constructor(editor, onRefused) {
    this.#editor = editor;
    this.#onRefused = onRefused;
    this.#actions = {
      Backspace: () => editor.remove(-1),
      Delete: () => editor.remove(1),
      Insert: () => editor.insert(-1),
      Escape: () => editor.leave(),
    };
  }

  /**
   * Handle a key unless it is for the page. Nothing is pointed at before an arrow key or Space
   * on a character. Enter always is for the page: the next number.
   * @param {KeyboardEvent} event
   * @param {number | null} at  the focused character, if any
   */
  press(event, at) {
    const { altKey, ctrlKey, metaKey, shiftKey, key } = event;
    if (altKey) return;
    const isTaken =
      ctrlKey || metaKey
        ? key.toLowerCase() === "z" && !shiftKey && this.#undo()
        : this.#pressPlain(key, at);
    if (!isTaken) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #undo() {
    const { canUndo } = this.#editor;
    if (canUndo) this.#editor.undo();
    return canUndo;
  }

  /**
   * @param {string} key
   * @param {number | null} at
   * @returns {boolean} whether it is handled
   */
  #pressPlain(key, at) {
    if (!this.#editor.place) return at !== null && this.#begin(key, at);
    if (at !== null && (this.#editor.move(key) || key === " ")) return true;
    const act = this.#actions[key];
    if (act) act();
    else if (isInText(key)) this.#editor.type(key);
    else if (/^\p{L}$/u.test(key)) this.#onRefused(NOT_IN_TEXT);
    else return false;
    return true;
  }

  /**
   * @param {string} key
   * @param {number} at
   */
  #begin(key, at) {
    if (!/^(Arrow.*|Home|End| )$/.test(key)) return false;
    this.#editor.choose(at);
    this.#editor.move(key);
    return true;
  }
}
