import { find } from "../common/find.js";
import { imageUrl } from "../common/image-url.js";
import { CorrectionForm } from "../reading/correction-form.js";
import { ago, inFull, inOneLine } from "../reading/words.js";
import { cursorOf, isOwn, textOf, writeEntry } from "./entries.js";

/**
 * @import { Entry, Problem } from "../common/contract.js"
 *
 * @typedef {object} Actions
 * @property {(entry: Entry) => void} open
 * @property {(id: string) => void} remove
 * @property {(entry: Entry, isPicked: boolean, isRange: boolean) => void} pick
 * @property {(id: string, text: string) => Promise<Problem | null>} correct  null: it is accepted
 */

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
    this.#link.href = `/history?entry=${id}`;
    this.#link.addEventListener("click", (event) => this.#follow(event, actions));
    find(".delete", HTMLButtonElement, copy).addEventListener("click", () => actions.remove(id));
    this.#box.addEventListener("click", ({ shiftKey }) => {
      if (this.#entry) actions.pick(this.#entry, this.#box.checked, shiftKey);
    });
    new CorrectionForm(
      this.element,
      () => (this.#entry ? textOf(this.#entry) : ""),
      (text) => actions.correct(id, text),
    );
    this.element.addEventListener("animationend", () => this.element.classList.remove("fresh"));
  }

  /** Its place in the history: newer ones are greater. */
  get cursor() {
    return this.#entry ? cursorOf(this.#entry) : "";
  }

  get isBeingCorrected() {
    return !find(".correction", HTMLFormElement, this.element).hidden;
  }

  get entry() {
    return this.#entry;
  }

  /** @param {Entry} entry */
  show(entry) {
    this.#showPreview(entry);
    this.#entry = entry;
    writeEntry(this.element, entry);
    this.#box.ariaLabel = `Select ${inOneLine(textOf(entry))}`;
    this.refreshTime();
  }

  refreshTime() {
    const moment = new Date(this.#entry?.timestamp ?? 0);
    const time = find("time", HTMLTimeElement, this.element);
    time.dateTime = moment.toISOString();
    time.title = inFull(moment);
    time.textContent = ago(moment);
  }

  /** @param {boolean} isHidden */
  hide(isHidden) {
    this.element.hidden = isHidden;
  }

  /** @param {boolean} isSelected */
  select(isSelected) {
    this.#box.checked = isSelected;
    this.element.classList.toggle("selected", isSelected);
  }

  /** Focus its picture. */
  focus() {
    this.#link.focus();
  }

  /** Highlight a new or changed entry once. */
  highlight() {
    this.element.classList.add("fresh");
  }

  get #link() {
    return find(".open", HTMLAnchorElement, this.element);
  }

  get #box() {
    return find(".pick input", HTMLInputElement, this.element);
  }

  /** @param {Entry} entry */
  #showPreview(entry) {
    if (entry.image_version === this.#entry?.image_version) return;
    const image = find("img", HTMLImageElement, this.element);
    image.src = imageUrl(entry);
    image.alt = `Picture read as ${inOneLine(entry.predicted)}`;
  }

  /**
   * Open the entry or, while entries are being selected, select it.
   * @param {MouseEvent} event
   * @param {Actions} actions
   */
  #follow(event, { open }) {
    if (!this.#entry || event.ctrlKey || event.metaKey) return;
    const isSelecting = document.body.classList.contains("selecting");
    if (event.shiftKey && !isSelecting) return;
    event.preventDefault();
    if (!isSelecting) open(this.#entry);
    else if (isOwn(this.#entry)) this.#box.dispatchEvent(new MouseEvent("click", event));
  }
}
