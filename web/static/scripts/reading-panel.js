import { find } from "./find.js";
import { imageUrl } from "./image-url.js";
import { ProbabilityBars } from "./probability-bars.js";
import { confidenceInWords, doubt, inOneLine, leastSure, placeInText } from "./words.js";

/**
 * @import { Entry, Reading } from "./contract.js"
 */

/** What was read, large; how sure that is; and what else it may be. */
export class ReadingPanel {
  #panel = find("#panel", HTMLElement);
  #text = find("#reading", HTMLElement);
  #confidence = find("#confidence", HTMLElement);
  #doubt = find("#doubt", HTMLElement);
  #caption = find("#caption", HTMLElement);
  #photo = find("#photo", HTMLImageElement);
  #announcement = find("#announcement", HTMLElement);
  #bars = new ProbabilityBars(find("#bars", HTMLElement));

  /**
   * Shows the drawing's reading, unless a photo's stands there.
   * @param {Reading | null} reading
   */
  showDrawing(reading) {
    if (this.#photo.hidden) this.#show(reading);
  }

  /**
   * Shows an uploaded photo's reading, until `hidePhoto`.
   * @param {Entry} entry
   */
  showPhoto(entry) {
    this.#photo.src = imageUrl(entry);
    this.#photo.hidden = false;
    this.#show(entry.reading);
    this.announce();
  }

  hidePhoto() {
    this.#photo.hidden = true;
  }

  /** Tells a screen reader what is shown: not at every frame, only when asked. */
  announce() {
    const parts = [inOneLine(this.#text.textContent), this.#confidence.textContent];
    this.#announcement.textContent = [...parts, this.#doubt.textContent].filter(Boolean).join(". ");
  }

  /** @param {Reading | null} reading */
  #show(reading) {
    const { text, digits } = reading ?? { text: "", digits: [] };
    const position = leastSure(digits);
    const lines = text.split("\n");
    this.#panel.classList.toggle("uncertain", reading?.uncertain === true && text !== "");
    this.#text.style.setProperty(
      "--columns",
      String(Math.max(...lines.map(({ length }) => length))),
    );
    this.#text.style.setProperty("--lines", String(lines.length));
    this.#showText(text, digits.length > 1 && reading?.uncertain ? position : -1);
    this.#confidence.textContent = reading && text ? confidenceInWords(reading) : "";
    this.#doubt.textContent = reading ? doubt(reading) : "";
    this.#caption.textContent = digits.length > 1 ? `Least sure: digit ${position + 1}` : "";
    this.#bars.show(digits[position] ?? null);
  }

  /**
   * The text, with the digit in doubt marked.
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
