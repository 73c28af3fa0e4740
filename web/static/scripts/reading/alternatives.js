import { find } from "../common/find.js";
import { inOneLine, percent } from "./words.js";

/**
 * @import { Alternative } from "../common/contract.js"
 */

/** Other texts that the writing may be, each a button. */
export class Alternatives {
  #row = find("#alternatives", HTMLElement);
  #onChoose;

  /** @param {(text: string) => void} onChoose */
  constructor(onChoose) {
    this.#onChoose = onChoose;
  }

  /** @param {Alternative[]} alternatives */
  show(alternatives) {
    const buttons = alternatives.map(({ text, confidence }) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "link";
      button.textContent = inOneLine(text);
      button.title = `Correct to ${inOneLine(text)} · ${percent(confidence)}`;
      button.addEventListener("click", () => this.#onChoose(text));
      return button;
    });
    this.#row.replaceChildren(...(buttons.length > 0 ? ["or", ...buttons] : []));
  }
}
