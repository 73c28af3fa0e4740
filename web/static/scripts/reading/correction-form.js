import { find } from "../common/find.js";
import { correctionProblem } from "./correction.js";
import { inLines, inOneLine } from "./words.js";

/**
 * @import { Problem } from "../common/contract.js"
 */

/** A form with one field for what was really written, opened by a button. */
export class CorrectionForm {
  #form;
  #input;
  #problem;
  #opener;
  #onText;

  /**
   * @param {ParentNode} root  contains the button `.correct` and the form `.correction`
   * @param {() => string} currentText
   * @param {(text: string) => Promise<Problem | null>} onText  resolves to null when it is accepted
   */
  constructor(root, currentText, onText) {
    this.#form = find(".correction", HTMLFormElement, root);
    this.#input = find(".correction input", HTMLInputElement, root);
    this.#problem = find(".correction .problem", HTMLElement, root);
    this.#opener = find(".correct", HTMLButtonElement, root);
    this.#onText = onText;
    this.#opener.addEventListener("click", () => this.#open(currentText()));
    find(".correction .cancel", HTMLButtonElement, root).addEventListener("click", () =>
      this.close(),
    );
    this.#form.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit(inLines(this.#input.value));
    });
    this.#input.addEventListener("input", () => this.#show(""));
  }

  close() {
    const hadFocus = this.#form.contains(document.activeElement);
    this.#form.hidden = true;
    this.#show("");
    if (hadFocus) this.#opener.focus();
  }

  /** @param {string} text */
  #open(text) {
    this.#form.hidden = false;
    this.#input.value = inOneLine(text);
    this.#input.select();
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
