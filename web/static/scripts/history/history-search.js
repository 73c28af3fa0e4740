import { linkExports, queryOf } from "../common/export-links.js";
import { find } from "../common/find.js";

/**
 * @import { Connection } from "../common/connection.js"
 * @import { Filter, InputType } from "../common/contract.js"
 */

const PAUSE_MS = 200;

/**
 * The search box, the filters, and the notices of an empty list. Fires `filter` when the user
 * pauses after a change.
 */
export class HistorySearch extends EventTarget {
  #form = find("#search", HTMLFormElement);
  #more = find("#filters", HTMLDetailsElement);
  #lists = find("#search select[name=list]", HTMLSelectElement);
  #empty = find("#empty", HTMLElement);
  #nothingFound = find("#nothing-found", HTMLElement);
  #connection;
  #timer = 0;

  /**
   * @param {Connection} connection
   * @param {URLSearchParams} fields  as they were left
   */
  constructor(connection, fields) {
    super();
    this.#connection = connection;
    this.#fillIn(fields);
    this.#more.open = [...this.fields.keys()].some((name) => name !== "search");
    this.#form.addEventListener("input", () => this.#changeSoon());
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.#form.addEventListener("reset", () => this.#changeSoon());
    connection.socket.on("connect", () => this.#offerLists());
    if (connection.socket.connected) this.#offerLists();
    this.#tell();
  }

  /** The fields that are filled in, by name. */
  get fields() {
    const filled = [...new FormData(this.#form)]
      .map(([name, value]) => [name, String(value).trim()])
      .filter(([, value]) => value);
    return new URLSearchParams(filled);
  }

  get isFiltered() {
    return this.fields.size > 0;
  }

  /** @returns {Filter} */
  get filter() {
    const { search, input_type, list, mine, status, from, until } = Object.fromEntries(this.fields);
    return {
      ...(search && { search }),
      ...(input_type && { input_type: /** @type {InputType} */ (input_type) }),
      ...(list && { list }),
      ...(mine && { mine: true }),
      ...(status === "unsure" && { uncertain: true }),
      ...(status === "corrected" && { corrected: true }),
      ...(status === "disputed" && { disputed: true }),
      ...(from && { made_from: new Date(`${from}T00:00`).toISOString() }),
      ...(until && { made_until: new Date(`${until}T23:59:59.999`).toISOString() }),
    };
  }

  /** Show or hide the notices. @param {boolean} isEmpty  whether no entry is on the list */
  count(isEmpty) {
    this.#empty.hidden = !isEmpty || this.isFiltered;
    this.#nothingFound.hidden = !isEmpty || !this.isFiltered;
  }

  /** Focus what can be done where no entry is on the list. */
  focusNotice() {
    const notice = this.#empty.hidden ? this.#nothingFound : this.#empty;
    find("a, button", HTMLElement, notice).focus();
  }

  /** @param {URLSearchParams} fields */
  #fillIn(fields) {
    this.#offer([fields.get("list") ?? ""]);
    for (const [name, value] of fields) {
      const field = this.#form.elements.namedItem(name);
      if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = true;
      else if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) {
        field.value = value;
      }
    }
  }

  async #offerLists() {
    const answer = await this.#connection.ask("get_lists", {}).catch(() => null);
    if (answer?.ok) this.#offer(answer.lists.map(({ name }) => name));
  }

  /** @param {string[]} names */
  #offer(names) {
    const chosen = this.#lists.value;
    const offered = new Set([chosen, ...names].filter(Boolean));
    const options = [...offered].map((name) => new Option(name, name));
    this.#lists.replaceChildren(new Option("All", ""), ...options);
    this.#lists.value = chosen;
  }

  #changeSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#tell();
      this.dispatchEvent(new Event("filter"));
    }, PAUSE_MS);
  }

  /** Show how many filters are set, and offer the same selection as files and on paper. */
  #tell() {
    const set = [...this.fields.keys()].filter((name) => name !== "search").length;
    find("summary", HTMLElement, this.#more).textContent = set ? `Filters · ${set}` : "Filters";
    linkExports("export", this.filter, ["csv", "xlsx", "npz"]);
    find("#print", HTMLAnchorElement).href = `/history/print?${queryOf(this.filter)}`;
  }
}
