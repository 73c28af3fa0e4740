import { find } from "../common/find.js";
import { inLines, inOneLine } from "./words.js";

/** Asks what was really written: a form with one field, opened by a button. */
export class CorrectionForm {
  #form;
  #input;
  #opener;

  /**
   * @param {ParentNode} root  with `.correct`, the button, and `.correction`, the form
   * @param {() => string} currentText
   * @param {(text: string) => Promise<boolean>} onText  whether it was accepted
   */
  constructor(root, currentText, onText) {
    this.#form = find(".correction", HTMLFormElement, root);
    this.#input = find(".correction input", HTMLInputElement, root);
    this.#opener = find(".correct", HTMLButtonElement, root);
    this.#opener.addEventListener("click", () => this.#open(currentText()));
    find(".correction .cancel", HTMLButtonElement, root).addEventListener("click", () =>
      this.close(),
    );
    this.#form.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    this.#form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (await onText(inLines(this.#input.value))) this.close();
    });
  }

  close() {
    const hadFocus = this.#form.contains(document.activeElement);
    this.#form.hidden = true;
    if (hadFocus) this.#opener.focus();
  }

  /** @param {string} text */
  #open(text) {
    this.#form.hidden = false;
    this.#input.value = inOneLine(text);
    this.#input.select();
  }
}
