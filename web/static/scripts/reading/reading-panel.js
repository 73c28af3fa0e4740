import { find } from "../common/find.js";
import { THRESHOLD } from "../common/settings.js";
import { Alternatives } from "./alternatives.js";
import { lineWidth, tabWidth } from "./columns.js";
import { writeLines } from "./line-text.js";
import { areUncertain, certaintyInWords, doubtInLines, linesOf } from "./lines.js";
import { ProbabilityBars } from "./probability-bars.js";
import { inOneLine, leastSure, percent, placeInText } from "./words.js";

/**
 * @import { Reading } from "../common/contract.js"
 * @import { LineReading } from "./lines.js"
 */

/** The certainty after a line is in smaller type. */
const CERTAINTY_COLUMNS = 2;

/** The reading in large type, its confidence, and the probabilities of one digit. */
export class ReadingPanel {
  #panel = find("#panel", HTMLElement);
  #text = find("#reading", HTMLElement);
  #confidence = find("#confidence", HTMLElement);
  #doubt = find("#doubt", HTMLElement);
  #caption = find("#caption", HTMLElement);
  #announcement = find("#announcement", HTMLElement);
  #bars;
  #alternatives;
  /** @type {Reading | null} */ #reading = null;
  /** The digit that is pointed at. @type {number | null} */ #position = null;

  /**
   * @param {(digit: number) => void} onRival  a bar was chosen, to compare the answer with
   * @param {(text: string) => void} onAlternative  another text was chosen
   */
  constructor(onRival, onAlternative) {
    this.#bars = new ProbabilityBars(find("#bars", HTMLElement), onRival);
    this.#alternatives = new Alternatives(onAlternative);
  }

  /** @param {Reading | null} reading  null: there is nothing to read */
  show(reading) {
    const lines = reading?.text ? linesOf(reading, THRESHOLD) : [];
    this.#reading = reading;
    this.#panel.classList.toggle("blank", lines.length === 0);
    this.#panel.classList.toggle("uncertain", areUncertain(lines));
    this.#fit(lines);
    writeLines(this.#text, lines, marked);
    this.#confidence.textContent = certaintyInWords(lines);
    const alternatives = reading?.alternatives ?? [];
    this.#alternatives.show(alternatives);
    const areTold = lines.length === 1 && alternatives.length > 0;
    this.#doubt.textContent = areTold ? "" : doubtInLines(lines);
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
    const parts = [
      inOneLine(this.#text.textContent),
      this.#confidence.textContent,
      this.#doubt.textContent,
      this.#alternatives.sentence,
    ];
    this.#announcement.textContent = parts.filter(Boolean).join(". ");
  }

  /** Make the text as large as fits. @param {LineReading[]} lines */
  #fit(lines) {
    const tab = tabWidth(lines.map(({ text }) => text));
    const widths = lines.map(({ text }) => lineWidth(text, tab));
    const certainty = lines.length > 1 && areUncertain(lines) ? CERTAINTY_COLUMNS : 0;
    this.#text.style.setProperty("--columns", String(Math.max(0, ...widths) + certainty));
    this.#text.style.setProperty("--lines", String(lines.length || 1));
  }
}

/**
 * Return the text of a line, with a mark on the digit in doubt.
 * @param {LineReading} line
 * @returns {(Node | string)[]}
 */
function marked({ text, uncertain, digits }) {
  const place = uncertain && digits.length > 1 ? placeInText(text, leastSure(digits)) : -1;
  if (place < 0) return [text];
  const mark = document.createElement("mark");
  mark.textContent = text.slice(place, place + 1);
  return [text.slice(0, place), mark, text.slice(place + 1)];
}
