import { find } from "./find.js";
import { imageUrl } from "./image-url.js";
import { MAKER } from "./settings.js";
import { ago, confidenceInWords, inFull, inLines, inOneLine } from "./words.js";

/**
 * @import { Entry } from "./contract.js"
 *
 * @typedef {object} Actions
 * @property {(id: string) => void} remove
 * @property {(id: string, text: string) => Promise<boolean>} correct  whether it was accepted
 */

const SOURCES = { canvas: "Drawn", upload: "Uploaded" };

/** One entry of the history. */
export class EntryCard {
  element;
  #form;
  #input;
  #actions;
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
    this.#form = find("form", HTMLFormElement, copy);
    this.#input = find("input", HTMLInputElement, copy);
    this.#actions = actions;
    this.#on(".delete", "click", () => actions.remove(id));
    this.#on(".correct", "click", () => this.#edit());
    this.#on(".cancel", "click", () => this.#close());
    this.#on("form", "submit", (event) => this.#submit(event));
    this.#on("form", "keydown", (event) => isEscape(event) && this.#close());
    this.element.addEventListener("animationend", () => this.element.classList.remove("fresh"));
  }

  /** @param {Entry} entry */
  show(entry) {
    const { predicted, corrected, reading } = entry;
    this.#showPreview(entry);
    this.#entry = entry;
    this.element.dataset.timestamp = entry.timestamp;
    this.element.classList.toggle("uncertain", entry.uncertain && corrected === null);
    this.#write(".text", corrected ?? predicted);
    this.#write(".original", corrected === null ? "" : `read as ${inOneLine(predicted)}`);
    this.#write(".confidence", confidenceInWords(reading));
    this.#write(".source", SOURCES[entry.input_type]);
    find(".actions", HTMLElement, this.element).hidden = entry.maker !== MAKER;
    this.refreshTime();
  }

  refreshTime() {
    const moment = new Date(this.#entry?.timestamp ?? 0);
    const time = find("time", HTMLTimeElement, this.element);
    time.dateTime = moment.toISOString();
    time.title = inFull(moment);
    time.textContent = ago(moment);
  }

  /** Draws the eye to what is new, once. */
  highlight() {
    this.element.classList.add("fresh");
  }

  /** @param {Entry} entry */
  #showPreview(entry) {
    if (entry.image_version === this.#entry?.image_version) return;
    const image = find("img", HTMLImageElement, this.element);
    image.src = imageUrl(entry);
    image.alt = `Picture of what was read as ${inOneLine(entry.predicted)}`;
  }

  #edit() {
    this.#form.hidden = false;
    this.#input.value = inOneLine(this.#entry?.corrected ?? this.#entry?.predicted ?? "");
    this.#input.select();
  }

  #close() {
    this.#form.hidden = true;
    find(".correct", HTMLButtonElement, this.element).focus();
  }

  /** @param {Event} event */
  async #submit(event) {
    event.preventDefault();
    const id = this.#entry?.id ?? "";
    const text = inLines(this.#input.value);
    if (await this.#actions.correct(id, text)) this.#close();
  }

  /**
   * @param {string} selector
   * @param {string} text
   */
  #write(selector, text) {
    find(selector, HTMLElement, this.element).textContent = text;
  }

  /**
   * @param {string} selector
   * @param {string} type
   * @param {(event: Event) => void} listener
   */
  #on(selector, type, listener) {
    find(selector, HTMLElement, this.element).addEventListener(type, listener);
  }
}

/** @param {Event} event */
function isEscape(event) {
  return event instanceof KeyboardEvent && event.key === "Escape";
}
