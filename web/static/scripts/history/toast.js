import { find } from "../common/find.js";

/** A short note at the foot of the page with an Undo button. */
export class Toast {
  #element;

  /**
   * @param {string} sentence
   * @param {() => void} onUndo
   */
  constructor(sentence, onUndo) {
    const template = find("#toast", HTMLTemplateElement);
    const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    this.#element = find(".toast", HTMLElement, copy);
    const undo = find("button", HTMLButtonElement, copy);
    find("span", HTMLElement, copy).textContent = sentence;
    undo.addEventListener("click", onUndo);
    find("#toasts", HTMLElement).append(copy);
  }

  get hasFocus() {
    return this.#element.contains(document.activeElement);
  }

  focus() {
    find("button", HTMLButtonElement, this.#element).focus();
  }

  close() {
    this.#element.remove();
  }
}
