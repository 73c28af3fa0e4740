import { find } from "../common/find.js";
import { OWNER } from "../common/settings.js";
import { inBatches } from "./batches.js";
import { downloadEntries } from "./chosen-files.js";
import { copyEntries } from "./copying.js";
import { countInWords } from "./entries.js";

/**
 * @import { Connection } from "../common/connection.js"
 * @import { Filter, Problem } from "../common/contract.js"
 * @import { Selection } from "./selection.js"
 *
 * @typedef {object} Actions
 * @property {() => Filter} filter  that the list shows
 * @property {(ids: string[]) => void} remove
 * @property {(sentence: string) => void} onWork  that takes a while
 * @property {(sentence: string) => void} onTold
 * @property {(failure: Problem) => void} onFailure
 */

const NOTHING_OWN = OWNER
  ? "There is no reading to select."
  : "There is no reading of yours to select: guests select only what this browser made.";

/** The bar with what can be done with the selected entries. Open: each own entry has a checkbox. */
export class SelectionBar {
  #bar = find("#selection", HTMLElement);
  #toggle = find("#select", HTMLButtonElement);
  #count = find("#selected", HTMLElement);
  #form = find("#move", HTMLFormElement);
  #name = find("#move input", HTMLInputElement);
  #connection;
  #selection;
  #actions;

  /**
   * @param {Connection} connection
   * @param {Selection} selection
   * @param {Actions} actions
   */
  constructor(connection, selection, actions) {
    this.#connection = connection;
    this.#selection = selection;
    this.#actions = actions;
    this.#toggle.addEventListener("click", () => this.#toggleBar());
    this.#onClick("#select-none", () => this.#open(false));
    this.#onClick("#select-all", () => selection.pickAll(actions.filter()));
    this.#onClick("#select-copy", () => this.#copy());
    this.#onClick("#select-csv", () => this.#download("csv"));
    this.#onClick("#select-xlsx", () => this.#download("xlsx"));
    this.#onClick("#select-delete", () => this.#delete());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#move(this.#name.value.trim());
    });
    selection.addEventListener("change", () => this.#tell());
    this.#tell();
  }

  /**
   * @param {string} selector
   * @param {() => void} act
   */
  #onClick(selector, act) {
    find(selector, HTMLButtonElement, this.#bar).addEventListener("click", act);
  }

  /** Open the bar, unless nothing that is shown can be selected, or close it. */
  async #toggleBar() {
    if (!this.#bar.hidden) return this.#open(false);
    const own = { ...this.#actions.filter(), mine: true };
    const answer = await this.#connection.ask("count_history", own).catch(() => null);
    if (answer?.ok && answer.count === 0) this.#actions.onTold(NOTHING_OWN);
    else this.#open(true);
  }

  /** @param {boolean} isOpen */
  #open(isOpen) {
    this.#bar.hidden = !isOpen;
    this.#toggle.ariaPressed = String(isOpen);
    document.body.classList.toggle("selecting", isOpen);
    if (isOpen) this.#offerLists();
    else this.#selection.clear();
    if (!isOpen) this.#toggle.focus();
  }

  #tell() {
    const count = this.#selection.ids.length;
    this.#count.textContent = count ? `${count} selected` : "None selected";
    for (const button of this.#bar.querySelectorAll("button:not(#select-all, #select-none)")) {
      /** @type {HTMLButtonElement} */ (button).disabled = count === 0;
    }
  }

  async #offerLists() {
    const answer = await this.#connection.ask("get_lists", {}).catch(() => null);
    if (!answer?.ok) return;
    const options = answer.lists.map(({ name }) => new Option(name, name));
    find("#list-names", HTMLDataListElement).replaceChildren(...options);
  }

  async #copy() {
    this.#actions.onTold(await copyEntries(this.#selection.entries));
  }

  /** @param {"csv" | "xlsx"} type */
  async #download(type) {
    const entries = this.#selection.entries.reverse(); // the oldest first
    this.#actions.onWork("Making the file …");
    const failure = await downloadEntries(type, entries);
    if (failure) this.#actions.onFailure(failure);
    else this.#actions.onTold(`Downloaded ${countInWords(entries.length)}.`);
  }

  #delete() {
    const { ids } = this.#selection;
    this.#open(false);
    this.#actions.remove(ids);
  }

  /** @param {string} name */
  async #move(name) {
    if (!name) return this.#name.focus();
    const { ids } = this.#selection;
    for (const batch of inBatches(ids)) {
      const move = { ids: batch, list: name };
      const answer = await this.#connection.request("move_entries", move);
      if (!answer.ok) return this.#actions.onFailure(answer.error);
    }
    this.#open(false);
    this.#actions.onTold(`Moved ${countInWords(ids.length)} to “${name}”.`);
  }
}
