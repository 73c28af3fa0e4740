import { find } from "../common/find.js";
import { imageUrl } from "../common/image-url.js";
import { MAKER, THRESHOLD } from "../common/settings.js";
import { CorrectionForm } from "../reading/correction-form.js";
import { writeLines } from "../reading/line-text.js";
import { areUncertain, certaintyInWords, linesOf, typedLines } from "../reading/lines.js";
import { ago, inFull, inOneLine } from "../reading/words.js";

/**
 * @import { Entry, Problem } from "../common/contract.js"
 *
 * @typedef {object} Actions
 * @property {(id: string) => void} remove
 * @property {(id: string, text: string) => Promise<Problem | null>} correct  null: it is accepted
 */

const SOURCES = { canvas: "Drawn", upload: "Uploaded" };

/** One entry of the history. */
export class EntryCard {
  element;
  /** @type {Entry | null} */ #entry = null;

  /**
   * @param {string} id
   * @param {Actions} actions
   */
  constructor(id, actions) {
    const template = find("#entry", HTMLTemplateElement);
    const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    this.element = find("li", HTMLLIElement, copy);
    this.element.dataset.entryId = id;
    find(".delete", HTMLButtonElement, copy).addEventListener("click", () => actions.remove(id));
    new CorrectionForm(
      this.element,
      () => this.#entry?.corrected ?? this.#entry?.predicted ?? "",
      (text) => actions.correct(id, text),
    );
    this.element.addEventListener("animationend", () => this.element.classList.remove("fresh"));
  }

  /** @param {Entry} entry */
  show(entry) {
    const { predicted, corrected, reading } = entry;
    const lines = linesOf(reading, THRESHOLD);
    this.#showPreview(entry);
    this.#entry = entry;
    this.element.dataset.timestamp = entry.timestamp;
    this.element.classList.toggle("uncertain", areUncertain(lines) && corrected === null);
    const text = find(".text", HTMLElement, this.element);
    writeLines(text, corrected === null ? lines : typedLines(corrected));
    this.#write(".original", corrected === null ? "" : `read as ${inOneLine(predicted)}`);
    this.#write(".confidence", certaintyInWords(lines));
    this.#write(".source", SOURCES[entry.input_type]);
    find(".actions", HTMLElement, this.element).hidden = !isOwn(entry);
    this.refreshTime();
  }

  refreshTime() {
    const moment = new Date(this.#entry?.timestamp ?? 0);
    const time = find("time", HTMLTimeElement, this.element);
    time.dateTime = moment.toISOString();
    time.title = inFull(moment);
    time.textContent = ago(moment);
  }

  /** Highlight a new or changed entry once. */
  highlight() {
    this.element.classList.add("fresh");
  }

  /** @param {Entry} entry */
  #showPreview(entry) {
    if (entry.image_version === this.#entry?.image_version) return;
    const image = find("img", HTMLImageElement, this.element);
    image.src = imageUrl(entry);
    image.alt = `Picture read as ${inOneLine(entry.predicted)}`;
  }

  /**
   * @param {string} selector
   * @param {string} text
   */
  #write(selector, text) {
    find(selector, HTMLElement, this.element).textContent = text;
  }
}

/**
 * Return whether the entry may be changed here. Only the account itself sees its entries.
 * @param {Entry} entry
 */
function isOwn({ owner, maker }) {
  return owner !== null || maker === MAKER;
}
