import { find } from "../common/find.js";
import { inOneLine, percent } from "./words.js";

/**
 * @import { Alternative } from "../common/contract.js"
 */

/** Other texts that the writing may be, each a button. */
export class Alternatives {
  #row = find("#alternatives", HTMLElement);
  #onChoose;
  /** "Perhaps 41 or 47"; "" if there are none. */
  sentence = "";

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
    const texts = buttons.map(({ textContent }) => textContent);
    this.sentence = texts.length > 0 ? `Perhaps ${texts.join(" or ")}` : "";
    this.#row.replaceChildren(...(texts.length > 0 ? ["Perhaps", ...buttons] : []));
  }
}
