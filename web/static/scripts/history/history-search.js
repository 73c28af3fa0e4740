import { find } from "../common/find.js";

/**
 * @import { Filter, InputType } from "../common/contract.js"
 */

const TYPING_MS = 200;

/** The search box and the choice of source, and what is said when nothing is found. */
export class HistorySearch {
  #form = find("#search", HTMLFormElement);
  #empty = find("#empty", HTMLElement);
  #nothingFound = find("#nothing-found", HTMLElement);
  #onFilter;
  #timer = 0;

  /** @param {(filter: Filter) => void} onFilter */
  constructor(onFilter) {
    this.#onFilter = onFilter;
    this.#form.addEventListener("input", () => this.#changeSoon());
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.#form.addEventListener("reset", () => this.#changeSoon());
  }

  /** Takes note of how many entries are shown. @param {number} shown */
  count(shown) {
    const isFiltered = Object.keys(this.#filter).length > 0;
    this.#empty.hidden = shown > 0 || isFiltered;
    this.#nothingFound.hidden = shown > 0 || !isFiltered;
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
    this.#timer = setTimeout(() => this.#onFilter(this.#filter), TYPING_MS);
  }
}
