import { find } from "../common/find.js";
import { alternativesOf } from "./lines.js";
import { inOneLine, percent } from "./words.js";

/**
 * @import { Choice } from "./lines.js"
 * @import { ShownText } from "./shown-text.js"
 */

/** Other texts that the writing, or the least sure of its lines, may be, each a button. */
export class Alternatives {
  #row = find("#alternatives", HTMLElement);
  #onChoose;
  /** "Perhaps 41 or 47"; "" if there are none. */
  sentence = "";

  /** @param {(text: string) => void} onChoose */
  constructor(onChoose) {
    this.#onChoose = onChoose;
  }

  /** @param {ShownText | null} shown  a text by a person has no alternatives */
  show(shown) {
    const { line, choices } =
      shown && !shown.isCorrected
        ? alternativesOf(shown.reading, shown.lines)
        : { line: 0, choices: [] };
    const isOneOfSeveral = (shown?.lines.length ?? 0) > 1;
    const words = isOneOfSeveral ? `Line ${line + 1}: perhaps` : "Perhaps";
    const texts = choices.map((choice) => inOneLine(choice.shown));
    this.sentence = texts.length > 0 ? `${words} ${texts.join(" or ")}` : "";
    const buttons = choices.map((choice) => this.#button(choice));
    this.#row.replaceChildren(...(buttons.length > 0 ? [words, ...buttons] : []));
  }

  /** @param {Choice} choice */
  #button({ shown, text, confidence }) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link";
    button.dir = "ltr";
    button.textContent = inOneLine(shown);
    button.title = `Correct to ${inOneLine(shown)} · ${percent(confidence)}`;
    button.addEventListener("click", () => this.#onChoose(text));
    return button;
  }
}
