import { find } from "../common/find.js";
import { ProbabilityBars } from "./probability-bars.js";
import {
  confidenceInWords,
  doubt,
  inOneLine,
  leastSure,
  percent,
  placeInText,
  widthOf,
} from "./words.js";

/**
 * @import { Reading } from "../common/contract.js"
 */

/** The reading in large type, its confidence, and the probabilities of one digit. */
export class ReadingPanel {
  #panel = find("#panel", HTMLElement);
  #text = find("#reading", HTMLElement);
  #confidence = find("#confidence", HTMLElement);
  #doubt = find("#doubt", HTMLElement);
  #caption = find("#caption", HTMLElement);
  #announcement = find("#announcement", HTMLElement);
  #bars;
  /** @type {Reading | null} */ #reading = null;
  /** The digit that is pointed at. @type {number | null} */ #position = null;

  /** @param {(digit: number) => void} onRival  a bar was chosen, to compare the answer with */
  constructor(onRival) {
    this.#bars = new ProbabilityBars(find("#bars", HTMLElement), onRival);
  }

  /** @param {Reading | null} reading  null: there is nothing to read */
  show(reading) {
    const { text, digits } = reading ?? { text: "", digits: [] };
    this.#reading = reading;
    this.#panel.classList.toggle("blank", text === "");
    this.#panel.classList.toggle("uncertain", reading?.uncertain === true && text !== "");
    this.#fit(text.split("\n"));
    this.#showText(text, digits.length > 1 && reading?.uncertain ? leastSure(digits) : -1);
    this.#confidence.textContent = reading && text ? confidenceInWords(reading) : "";
    this.#doubt.textContent = reading ? doubt(reading) : "";
    if (!reading) this.#bars.reset();
    this.point(this.#position);
  }

  /** @param {number | null} position  whose bars are shown; null: of the least sure digit */
  point(position) {
    const digits = this.#reading?.digits ?? [];
    const shown = position ?? leastSure(digits);
    const digit = digits[shown];
    this.#position = position;
    this.#bars.show(digit ?? null);
    const name = position === null ? "Least sure:" : "Digit";
    this.#caption.textContent =
      digit && digits.length > 1
        ? `${name} ${shown + 1} of ${digits.length} · ${percent(digit.confidence)}`
        : "";
  }

  /** Announce the reading to screen readers. */
  announce() {
    const parts = [inOneLine(this.#text.textContent), this.#confidence.textContent];
    this.#announcement.textContent = [...parts, this.#doubt.textContent].filter(Boolean).join(". ");
  }

  /** Make the text as large as fits. @param {string[]} lines */
  #fit(lines) {
    const columns = Math.max(...lines.map(widthOf));
    this.#text.style.setProperty("--columns", String(columns));
    this.#text.style.setProperty("--lines", String(lines.length));
  }

  /**
   * Show the text and mark the digit in doubt.
   * @param {string} text
   * @param {number} position  of the digit in doubt, or -1
   */
  #showText(text, position) {
    const place = placeInText(text, position);
    if (place < 0) {
      this.#text.textContent = text;
      return;
    }
    const mark = document.createElement("mark");
    mark.textContent = text.slice(place, place + 1);
    this.#text.replaceChildren(text.slice(0, place), mark, text.slice(place + 1));
  }
}
