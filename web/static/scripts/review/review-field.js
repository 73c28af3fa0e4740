import { find } from "../common/find.js";
import { giveColumns } from "../reading/columns.js";
import { correctionProblem, tidied } from "../reading/correction.js";

/**
 * @typedef {object} Listener
 * @property {() => void} onEdit
 * @property {(text: string) => void} onText  it was entered
 * @property {(by: 1 | -1) => void} onStep  to another text
 * @property {() => void} onSkip
 * @property {() => void} onUndo
 */

const TOUCH = matchMedia("(pointer: coarse)");

/**
 * The field for what an entry says. Letters cannot stand in it, so that they are keys: S skips, and
 * U undoes. Shift+Enter begins a new line.
 */
export class ReviewField {
  #form;
  #input;
  #problem;
  #listener;
  #given = "";

  /**
   * @param {HTMLFormElement} form
   * @param {Listener} listener
   * @param {AbortSignal} signal
   */
  constructor(form, listener, signal) {
    this.#form = form;
    this.#input = find("textarea", HTMLTextAreaElement, form);
    this.#problem = find(".problem", HTMLElement, form);
    this.#listener = listener;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#input.addEventListener("input", () => this.#edit());
    this.#input.addEventListener("beforeinput", (event) => this.#refuseLetters(event));
    addEventListener("keydown", (event) => this.#press(event), { signal });
  }

  /** The text that would be entered. */
  get text() {
    return tidied(this.#input.value);
  }

  /** Offer a text. @param {string} text */
  begin(text) {
    this.#given = text;
    this.replace(text);
  }

  /** @param {string} text */
  replace(text) {
    this.#input.value = text;
    this.#edit();
    this.focus();
  }

  /** Select all, so that typing replaces it. On a touch screen that would open the keyboard. */
  focus() {
    if (TOUCH.matches) return;
    this.#input.focus({ preventScroll: true });
    this.#input.select();
  }

  /** Select one character. @param {number} place  in the text; below 0: none */
  choose(place) {
    this.#input.focus();
    if (place >= 0) this.#input.setSelectionRange(place, place + 1);
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const act = this.#actOf(event);
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** @param {KeyboardEvent} event @returns {(() => void) | null} */
  #actOf({ key, target, ctrlKey, metaKey, shiftKey, altKey, isComposing }) {
    if (altKey || isComposing) return null;
    const { onSkip, onUndo, onStep } = this.#listener;
    if (ctrlKey || metaKey) {
      const isUndo = key.toLowerCase() === "z" && !shiftKey && this.#input.value === this.#given;
      return isUndo ? onUndo : null;
    }
    if (key === "u" || key === "U") return onUndo;
    if (this.#form.hidden) return null;
    const isLine = !this.#input.value.includes("\n");
    if (key === "s" || key === "S") return onSkip;
    if (key === "ArrowDown" && isLine) return () => onStep(1);
    if (key === "ArrowUp" && isLine) return () => onStep(-1);
    const isPressed = target instanceof Element && target.matches("a, button");
    const isNewLine = shiftKey || (TOUCH.matches && !isLine);
    return key === "Enter" && !isPressed && !isNewLine ? () => this.#submit() : null;
  }

  /** @param {InputEvent} event  before the text is changed */
  #refuseLetters(event) {
    const problem = correctionProblem(event.data ?? "");
    if (!problem) return;
    event.preventDefault();
    this.#show(problem);
  }

  #edit() {
    const lines = this.#input.value.split("\n");
    this.#input.rows = lines.length;
    giveColumns(this.#input, lines);
    this.#show(correctionProblem(this.#input.value));
    this.#listener.onEdit();
  }

  #submit() {
    const { text } = this;
    const problem = text ? correctionProblem(text) : "Type what was written, or skip it.";
    this.#show(problem);
    if (problem) this.#input.focus();
    else this.#listener.onText(text);
  }

  /** @param {string} problem  "": there is none */
  #show(problem) {
    this.#problem.textContent = problem;
    this.#input.ariaInvalid = String(problem !== "");
  }
}
