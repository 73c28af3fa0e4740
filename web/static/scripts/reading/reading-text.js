import { find } from "../common/find.js";
import { writeLines } from "./line-text.js";
import { nameOfCharacter } from "./words.js";

/**
 * @import { Place } from "./places.js"
 * @import { Character, ShownText } from "./shown-text.js"
 *
 * @typedef {object} Listener
 * @property {(at: number) => void} onChoose  a character was tapped
 * @property {(at: number | null) => void} onPoint  the mouse or the focus is on a character
 * @property {(event: KeyboardEvent, at: number | null) => void} onKey  on a character, if any
 */

/** The reading in large type. Each of its characters can be pointed at. */
export class ReadingText {
  #element = find("#reading", HTMLElement);
  /** The element of each character. @type {HTMLElement[]} */ #options = [];
  /** The caret in a gap, if any. @type {HTMLElement | null} */ #caret = null;
  /** The character that the Tab key reaches. */
  #at = 0;

  /** @param {Listener} listener */
  constructor(listener) {
    const element = this.#element;
    element.addEventListener("click", ({ target }) => {
      const at = this.#indexOf(target);
      if (at >= 0) listener.onChoose(at);
    });
    const point = (/** @type {EventTarget | null} */ target) => {
      const at = this.#indexOf(target);
      listener.onPoint(at < 0 ? null : at);
    };
    element.addEventListener("pointerover", ({ pointerType, target }) => {
      if (pointerType !== "touch") point(target);
    });
    element.addEventListener("pointerleave", () => point(document.activeElement));
    element.addEventListener("focusin", ({ target }) => point(target));
    element.addEventListener("focusout", () => listener.onPoint(null));
    element.addEventListener("keydown", (event) => {
      const isOnText = event.target === this.#caret || this.#indexOf(event.target) >= 0;
      listener.onKey(event, isOnText ? this.#at : null);
    });
  }

  /**
   * @param {ShownText | null} shown  null: there is nothing to read
   * @param {Place | null} place  that is pointed at
   */
  show(shown, place) {
    const focused = document.activeElement;
    const hadFocus = focused !== this.#element && this.#element.contains(focused);
    const lines = shown?.lines ?? [];
    const characters = shown?.characters ?? [];
    this.#at = Math.max(0, Math.min(place?.at ?? this.#at, characters.length - 1));
    this.#options = characters.map((character, at) =>
      this.#option(character, at, characters.length),
    );
    this.#element.style.setProperty("--lines", String(lines.length || 1));
    this.#caret = place?.side ? caret(place) : null;
    const rest = [...this.#options];
    writeLines(this.#element, lines, ({ text }) => spaced(text, rest));
    this.#mark(place);
    if (hadFocus) this.focus();
  }

  /** Focus the place that is pointed at, or the last one that was. */
  focus() {
    (this.#caret ?? this.#options[this.#at] ?? this.#element).focus();
  }

  /** Focus no character, so that the next key is for the page. */
  focusWhole() {
    this.#element.focus();
  }

  /** @param {EventTarget | null} target */
  #indexOf(target) {
    return this.#options.indexOf(/** @type {HTMLElement} */ (target));
  }

  /** @param {Place | null} place */
  #mark(place) {
    const option = this.#options[this.#at];
    if (!option) return;
    if (this.#caret && place?.side === -1) option.before(this.#caret);
    else if (this.#caret) option.after(this.#caret);
    if (place?.side === 0) option.ariaSelected = "true";
    (this.#caret ?? option).tabIndex = 0;
  }

  /**
   * @param {Character} character
   * @param {number} at
   * @param {number} count
   */
  #option(character, at, count) {
    const element = document.createElement(character.isUnsure ? "mark" : "span");
    element.role = "option";
    element.ariaSelected = "false";
    element.tabIndex = -1;
    element.textContent = character.text;
    element.ariaLabel = nameOfCharacter(character, at, count);
    return element;
  }
}

/**
 * Return the next elements of characters with the white space of a line between them.
 * @param {string} text
 * @param {HTMLElement[]} rest  the elements of this line are removed
 * @returns {(Node | string)[]}
 */
function spaced(text, rest) {
  return (text.match(/\s+|\S/g) ?? []).map((part) =>
    /\s/.test(part) ? part : (rest.shift() ?? part),
  );
}

/** @param {Place} place */
function caret({ at, side }) {
  const element = document.createElement("span");
  element.className = "caret";
  element.role = "option";
  element.ariaSelected = "true";
  element.ariaLabel = `Insert ${side < 0 ? "before" : "after"} place ${at + 1}`;
  return element;
}
