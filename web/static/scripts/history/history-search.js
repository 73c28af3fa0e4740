import { find } from "../common/find.js";

/**
 * @import { Filter, InputType } from "../common/contract.js"
 */

const PAUSE_MS = 200;

/**
 * The search box, the choice of source, and the notices of an empty list. Fires `filter`, with the
 * filter as its `detail`, when the user pauses after a change.
 */
export class HistorySearch extends EventTarget {
  #form = find("#search", HTMLFormElement);
  #empty = find("#empty", HTMLElement);
  #nothingFound = find("#nothing-found", HTMLElement);
  #timer = 0;

  constructor() {
    super();
    this.#form.addEventListener("input", () => this.#changeSoon());
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.#form.addEventListener("reset", () => this.#changeSoon());
  }

  get isFiltered() {
    return Object.keys(this.#filter).length > 0;
  }

  /** Show or hide the notices. @param {number} shown  the number of entries on the list */
  count(shown) {
    this.#empty.hidden = shown > 0 || this.isFiltered;
    this.#nothingFound.hidden = shown > 0 || !this.isFiltered;
  }

  /** @returns {Filter} */
  get #filter() {
    const fields = new FormData(this.#form);
    const search = String(fields.get("search")).trim();
    const input_type = /** @type {InputType | ""} */ (fields.get("input_type"));
    return { ...(search && { search }), ...(input_type && { input_type }) };
  }

  #changeSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => this.dispatchEvent(new CustomEvent("filter", { detail: this.#filter })),
      PAUSE_MS,
    );
  }
}
