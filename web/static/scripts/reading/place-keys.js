import { find } from "../common/find.js";
import { nameOfCharacter, percent, rivalOf } from "./words.js";

/**
 * @import { Place } from "./places.js"
 * @import { Character, ShownText } from "./shown-text.js"
 * @import { PlaceEditor } from "./place-editor.js"
 *
 * @typedef {object} Listener
 * @property {(isKeyboard: boolean) => void} onPressed  a key has been pressed
 * @property {(digit: number) => void} onCompare  the mouse, a finger or the focus is on a digit
 * @property {(event: KeyboardEvent) => void} onKey
 */

/**
 * The keys that change the place that is pointed at: the bars of the digits, the likeliest other
 * one first, the signs, and keys that delete and insert.
 */
export class PlaceKeys {
  #element = find("#place-keys", HTMLElement);
  #digits = find("#digit-keys", HTMLElement);
  #signs = find("#sign-keys", HTMLElement);
  #remove = find("[name=remove]", HTMLButtonElement, this.#element);
  #undo = find("[name=undo]", HTMLButtonElement, this.#element);
  #keys;

  /**
   * @param {PlaceEditor} editor
   * @param {Listener} listener
   */
  constructor(editor, { onPressed, onCompare, onKey }) {
    this.#keys = [...this.#digits.querySelectorAll("button")];
    /** @type {Record<string, () => void>} */
    const actions = {
      remove: () => editor.remove(-1),
      before: () => editor.insert(-1),
      after: () => editor.insert(1),
      undo: () => editor.undo(),
      leave: () => editor.leave(),
    };
    const compare = (/** @type {Event} */ { target }) => {
      const key = keyOf(target);
      if (this.#keys.some((each) => each === key)) onCompare(Number(key?.value));
    };
    this.#element.addEventListener("click", ({ target, detail }) => {
      const key = keyOf(target);
      if (!key) return;
      if (key.value) editor.put(key.value);
      else actions[key.name]?.();
      onPressed(detail === 0);
    });
    this.#element.addEventListener("pointerover", compare);
    this.#element.addEventListener("focusin", compare);
    this.#element.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ")
        event.stopPropagation(); // it presses the key
      else onKey(event);
    });
  }

  /**
   * @param {ShownText} shown
   * @param {PlaceEditor} editor
   * @param {boolean} haveSigns
   */
  show(shown, editor, haveSigns) {
    const { place, character } = editor;
    this.#element.hidden = !place;
    if (!place) return;
    this.#element.ariaLabel = purpose(shown, place);
    this.#signs.hidden = !haveSigns;
    this.#remove.disabled = !editor.canRemove;
    this.#undo.disabled = !editor.canUndo;
    for (const key of this.#element.querySelectorAll("button[value]")) {
      const isHere = /** @type {HTMLButtonElement} */ (key).value === character?.text;
      key.classList.toggle("answer", isHere);
      key.ariaCurrent = isHere ? "true" : null;
    }
    this.#showShares(character);
  }

  /** Focus the first key. */
  focus() {
    find("button", HTMLButtonElement, this.#digits).focus();
  }

  /** @param {Character | null} character */
  #showShares(character) {
    const digit = character?.digit ?? null;
    const answer = Number(character?.text ?? Number.NaN);
    const rival = digit && rivalOf({ ...digit, digit: answer });
    this.#keys.forEach((key, value) => {
      const share = digit?.probabilities[value] ?? 0;
      key.style.setProperty("--probability", String(share));
      key.classList.toggle("rival", value === rival);
      find(".share", HTMLElement, key).textContent = digit ? percent(share) : "";
    });
    this.#order(this.#keys.filter((_, value) => value === rival));
  }

  /** @param {HTMLElement[]} first */
  #order(first) {
    const keys = [...new Set([...first, ...this.#keys])];
    if (keys.every((key, index) => key === this.#digits.children[index])) return;
    const focused = this.#keys.find((key) => key === document.activeElement);
    this.#digits.replaceChildren(...keys);
    focused?.focus();
  }
}

/** @param {EventTarget | null} target */
function keyOf(target) {
  return target instanceof Element ? target.closest("button") : null;
}

/**
 * @param {ShownText} shown
 * @param {Place} place
 */
function purpose({ characters }, { at, side }) {
  const name = nameOfCharacter(/** @type {Character} */ (characters[at]), at, characters.length);
  return side === 0 ? `Put in place of ${name}` : `Put ${side < 0 ? "before" : "after"} ${name}`;
}
