import { find } from "../common/find.js";
import { giveColumns } from "./columns.js";
import { correctionProblem, tidied } from "./correction.js";

/**
 * @import { Problem } from "../common/contract.js"
 */

const TOUCH = matchMedia("(pointer: coarse)");

/**
 * A form with one field for what was really written, opened by a button. Enter saves it, and
 * Shift+Enter starts a new line; on a screen keyboard, Enter does.
 */
export class CorrectionForm {
  #form;
  #input;
  #problem;
  #tab;
  #opener;
  #onText;

  /**
   * @param {ParentNode} root  contains the button `.correct` and the form `.correction`
   * @param {() => string} currentText
   * @param {(text: string) => Promise<Problem | null>} onText  resolves to null when it is accepted
   */
  constructor(root, currentText, onText) {
    this.#form = find(".correction", HTMLFormElement, root);
    this.#input = find(".correction textarea", HTMLTextAreaElement, root);
    this.#problem = find(".correction .problem", HTMLElement, root);
    this.#tab = find(".correction .insert-tab", HTMLButtonElement, root);
    this.#opener = find(".correct", HTMLButtonElement, root);
    this.#onText = onText;
    this.#opener.addEventListener("click", () => this.#open(currentText()));
    find(".correction .cancel", HTMLButtonElement, root).addEventListener("click", () =>
      this.close(),
    );
    this.#form.addEventListener("keydown", (event) => event.key === "Escape" && this.#leave(event));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit(tidied(this.#input.value));
    });
    this.#input.addEventListener("keydown", (event) => this.#pressKey(event));
    this.#input.addEventListener("input", () => this.#edit());
    this.#input.addEventListener("beforeinput", (event) => this.#refuseLetters(event));
    this.#tab.addEventListener("click", () => this.#insertTab());
  }

  close() {
    const hadFocus = this.#form.contains(document.activeElement);
    this.#form.hidden = true;
    this.#show("");
    if (hadFocus) this.#opener.focus();
  }

  /** Close the form, but not the dialog that it may be in. @param {Event} event */
  #leave(event) {
    event.preventDefault();
    this.close();
  }

  /** @param {string} text */
  #open(text) {
    this.#form.hidden = false;
    this.#input.value = text;
    this.#edit();
    this.#input.select();
  }

  /** @param {KeyboardEvent} event */
  #pressKey(event) {
    if (event.key !== "Enter" || event.shiftKey || TOUCH.matches) return;
    event.preventDefault();
    this.#form.requestSubmit();
  }

  /** @param {InputEvent} event  before the text is changed */
  #refuseLetters(event) {
    const problem = correctionProblem(event.data ?? "");
    if (!problem) return;
    event.preventDefault();
    this.#show(problem);
  }

  /** Begin another cell of a table: the Tab key leaves the field. */
  #insertTab() {
    const { selectionStart, selectionEnd } = this.#input;
    this.#input.setRangeText("\t", selectionStart, selectionEnd, "end");
    this.#input.focus();
    this.#edit();
  }

  /** Give the text that is typed its room. */
  #edit() {
    const { value } = this.#input;
    const lines = value.split("\n");
    this.#input.rows = lines.length;
    this.#form.classList.toggle("several", lines.length > 1);
    giveColumns(this.#input, lines);
    this.#tab.hidden = !value.includes("\t");
    this.#show(correctionProblem(value));
  }

  /** @param {string} text */
  async #submit(text) {
    const problem = correctionProblem(text);
    this.#show(problem);
    if (problem) return this.#input.focus();
    const failure = await this.#onText(text);
    if (failure) this.#show(failure.message);
    else this.close();
  }

  /** @param {string} problem  "": there is none */
  #show(problem) {
    this.#problem.textContent = problem;
    this.#input.ariaInvalid = String(problem !== "");
  }
}
