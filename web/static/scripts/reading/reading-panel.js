import { find } from "../common/find.js";
import { Alternatives } from "./alternatives.js";
import { areUncertain, certaintyInWords, doubtInLines } from "./lines.js";
import { ProbabilityBars } from "./probability-bars.js";
import { inOneLine, percent } from "./words.js";

/**
 * @import { ShownText } from "./shown-text.js"
 */

/** The certainty of a reading, and the probabilities of one digit. */
export class ReadingPanel {
  #panel = find("#panel", HTMLElement);
  #confidence = find("#confidence", HTMLElement);
  #doubt = find("#doubt", HTMLElement);
  #caption = find("#caption", HTMLElement);
  #learned = find("#learned", HTMLElement);
  #announcement = find("#announcement", HTMLElement);
  #bars;
  #alternatives;
  /** @type {ShownText | null} */ #shown = null;

  /**
   * @param {(digit: number) => void} onRival  a bar was chosen, to compare the answer with
   * @param {(text: string) => void} onAlternative  another text was chosen
   */
  constructor(onRival, onAlternative) {
    this.#bars = new ProbabilityBars(find("#bars", HTMLElement), onRival);
    this.#alternatives = new Alternatives(onAlternative);
  }

  /**
   * @param {ShownText | null} shown  null: there is nothing to read
   * @param {boolean} [isOld]
   */
  show(shown, isOld = false) {
    const lines = shown?.lines ?? [];
    this.#shown = shown;
    this.#panel.classList.toggle("blank", lines.length === 0);
    this.#panel.classList.toggle("old", isOld);
    this.#panel.classList.toggle("uncertain", areUncertain(lines));
    this.#panel.classList.toggle("corrected", Boolean(shown?.isCorrected));
    this.#alternatives.show(shown);
    if (shown?.isCorrected) this.#tellCorrection(shown);
    else this.#tellCertainty(shown);
    if (!shown) this.#bars.reset();
  }

  /**
   * @param {number | null} position  of the digit whose bars are shown; null: of the least sure one
   * @param {boolean} isPlace  it is to be corrected, and keys are shown in place of the bars
   */
  point(position, isPlace = false) {
    const digits = this.#shown?.reading.digits ?? [];
    const index = position ?? this.#shown?.leastSure ?? -1;
    const digit = digits[index];
    const isChanged = Boolean(this.#shown?.isChanged(index));
    this.#panel.classList.toggle("correcting", isPlace);
    this.#bars.show(isChanged ? null : (digit ?? null));
    this.#learned.hidden = !digit?.learned || isChanged;
    this.#learned.textContent = `Because of your ${digit?.digit}s`;
    const name = position === null ? "Least sure:" : digit?.sign ? "Sign" : "Digit";
    const certainty = isChanged ? "corrected" : percent(digit?.confidence ?? 0);
    this.#caption.textContent =
      digit && digits.length > 1 ? `${name} ${index + 1} of ${digits.length} · ${certainty}` : "";
  }

  /** Announce the reading to screen readers. */
  announce() {
    const parts = [
      inOneLine(this.#shown?.text ?? ""),
      this.#confidence.textContent,
      this.#doubt.textContent,
      this.#alternatives.sentence,
    ];
    this.#announcement.textContent = parts.filter(Boolean).join(". ");
  }

  /** @param {ShownText | null} shown */
  #tellCertainty(shown) {
    const lines = shown?.lines ?? [];
    this.#confidence.textContent = certaintyInWords(lines);
    this.#doubt.textContent = this.#alternatives.sentence ? "" : doubtInLines(lines);
  }

  /** @param {ShownText} shown */
  #tellCorrection({ text, reading }) {
    const isKept = text === reading.text;
    this.#confidence.textContent = isKept ? "Kept as read" : "Corrected";
    this.#doubt.textContent = isKept ? "" : `Read as ${inOneLine(reading.text)}`;
  }
}
