import { find } from "../common/find.js";
import { imageUrl } from "../common/image-url.js";
import { THRESHOLD } from "../common/settings.js";
import { CorrectionForm } from "../reading/correction-form.js";
import { writeLines } from "../reading/line-text.js";
import { areUncertain, linesOf, typedLines } from "../reading/lines.js";
import { inFull, inOneLine, percent } from "../reading/words.js";
import { numbersOf } from "./numbers.js";

/**
 * @import { Entry, Problem } from "../common/contract.js"
 * @import { Waiting } from "../drawing/outbox.js"
 * @import { LineReading } from "../reading/lines.js"
 *
 * @typedef {object} Actions
 * @property {(id: string, text: string) => Promise<Problem | null>} correct  null: it is accepted
 * @property {(id: string) => void} remove
 * @property {(entry: Entry) => void} check  beside its photo
 * @property {(id: string, steps: number) => void} move  up (negative) or down the list
 */

const CLOCK = new Intl.DateTimeFormat("en-GB", { timeStyle: "short" });

const MAX_BESIDE = 6; // characters of a number that stands beside its picture

/** A number on the list: an entry, or a drawing that waits to be saved. */
export class ListRow {
  element;
  /** @type {Entry | null} */ #entry = null;
  #rank = Infinity;
  #text = "";

  /**
   * @param {string} id  of the entry
   * @param {Actions} actions
   */
  constructor(id, actions) {
    const template = find("#list-row", HTMLTemplateElement);
    const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    this.element = find("li", HTMLLIElement, copy);
    this.element.dataset.entryId = id;
    for (const opener of [".check", ".number"]) {
      this.#find(opener).addEventListener("click", (event) => this.#check(event, actions));
    }
    new CorrectionForm(
      this.element,
      () => this.text,
      (text) => actions.correct(id, text),
    );
    this.#find(".delete").addEventListener("click", () => actions.remove(id));
    this.#find(".grip").addEventListener("keydown", (event) => {
      const steps = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!steps) return;
      event.preventDefault();
      actions.move(id, steps);
    });
    this.element.addEventListener("animationend", () => this.element.classList.remove("fresh"));
  }

  /** The place on the list; drawings that wait come last. */
  get rank() {
    return this.#rank;
  }

  /** What it says, as corrected. */
  get text() {
    return this.#text;
  }

  /** As it was last saved; null: it was not. */
  get entry() {
    return this.#entry;
  }

  get isWaiting() {
    return this.element.dataset.state === "waiting";
  }

  /** @param {Entry} entry */
  show(entry) {
    const { predicted, corrected, reading, rank, timestamp } = entry;
    const lines = corrected === null ? linesOf(reading, THRESHOLD) : typedLines(corrected);
    if (entry.image_version !== this.#entry?.image_version) this.#image.src = imageUrl(entry);
    find(".open", HTMLAnchorElement, this.element).href = `/history?entry=${entry.id}`;
    this.#entry = entry;
    this.#rank = rank;
    this.#image.alt = `Picture read as ${inOneLine(predicted)}`;
    this.#write(corrected ?? predicted, lines, new Date(timestamp));
    const certainty = corrected === null ? percent(reading.confidence) : "corrected";
    this.#find(".certainty").textContent = certainty;
    this.#become("saved", areUncertain(lines));
  }

  /** @param {Waiting} waiting */
  showWaiting({ text, stamp }) {
    this.#write(text, typedLines(text || "…"), new Date(stamp));
    this.#find(".certainty").textContent = "waiting";
    this.#become("waiting", false);
  }

  /** Draw the eye to a new or changed row once. */
  highlight() {
    this.element.classList.add("fresh");
  }

  /**
   * @param {string} text
   * @param {LineReading[]} lines
   * @param {Date} moment
   */
  #write(text, lines, moment) {
    this.#text = text;
    this.#find(".grip").ariaLabel = `Move ${inOneLine(text)}`;
    this.#find(".delete").ariaLabel = `Delete ${inOneLine(text)}`;
    this.element.classList.toggle("many", this.#isMany);
    this.element.classList.toggle("long", text.length > MAX_BESIDE);
    writeLines(this.#find(".number"), lines);
    const time = find("time", HTMLTimeElement, this.element);
    time.dateTime = moment.toISOString();
    time.title = inFull(moment);
    time.textContent = CLOCK.format(moment);
  }

  /** Several numbers are checked beside their picture, not in a field. */
  get #isMany() {
    return numbersOf(this.#text).length > 1;
  }

  /**
   * @param {Event} event
   * @param {Actions} actions
   */
  #check(event, actions) {
    if (!this.#entry || !this.#isMany) return;
    event.stopImmediatePropagation();
    actions.check(this.#entry);
  }

  /**
   * @param {"saved" | "waiting"} state
   * @param {boolean} isUncertain
   */
  #become(state, isUncertain) {
    this.element.dataset.state = state;
    this.element.classList.toggle("uncertain", isUncertain);
    for (const name of [".number", ".delete", ".grip"]) {
      find(name, HTMLButtonElement, this.element).disabled = state === "waiting";
    }
  }

  get #image() {
    return find("img", HTMLImageElement, this.element);
  }

  /** @param {string} selector */
  #find(selector) {
    return find(selector, HTMLElement, this.element);
  }
}
