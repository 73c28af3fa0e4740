import { ListRow } from "./list-row.js";

/**
 * @import { Entry } from "../common/contract.js"
 * @import { Waiting } from "../drawing/outbox.js"
 * @import { Actions } from "./list-row.js"
 */

/** The rows of a list, in its order. Fires `change` when a row comes, changes, moves or goes. */
export class ListRows extends EventTarget {
  #list;
  #actions;
  /** @type {Map<string, ListRow>} */ #rows = new Map();
  /** @type {Set<string>} */ #hidden = new Set();

  /**
   * @param {HTMLElement} list
   * @param {Actions} actions
   */
  constructor(list, actions) {
    super();
    this.#list = list;
    this.#actions = actions;
  }

  /** The visible rows in their order. @returns {ListRow[]} */
  get shown() {
    return [...this.#list.children]
      .map((element) => this.#rowOf(element))
      .filter((row) => !row.element.hidden);
  }

  /** The ids of the entries shown, those that wait to be deleted included. */
  get ids() {
    return [...this.#rows.keys()].filter((id) => this.#rows.get(id)?.entry);
  }

  /** Show these too. @param {Entry[]} entries */
  extend(entries) {
    for (const entry of entries) this.#show(entry);
    this.#tell();
  }

  /** Show an entry that was just added or changed. @param {Entry} entry */
  put(entry) {
    this.#show(entry).highlight();
    this.#tell();
  }

  /** Show the drawings that wait to be saved as they will be. @param {Waiting[]} waiting */
  wait(waiting) {
    const ids = new Set(waiting.map(({ drawing }) => drawing));
    for (const [id, row] of this.#rows) {
      if (ids.has(id) || !row.isWaiting) continue;
      if (row.entry) row.show(row.entry);
      else this.#drop(id);
    }
    for (const each of waiting) this.#place(each.drawing, (row) => row.showWaiting(each));
    this.#tell();
  }

  /** @param {string} id */
  remove(id) {
    this.#hidden.delete(id);
    this.#drop(id);
    this.#tell();
  }

  /**
   * Hide a row, or show it again.
   * @param {string} id
   * @param {boolean} isHidden
   */
  hide(id, isHidden) {
    if (isHidden) this.#hidden.add(id);
    else this.#hidden.delete(id);
    const row = this.#rows.get(id);
    if (row) row.element.hidden = isHidden;
    this.#tell();
  }

  /** @param {string} id */
  get(id) {
    return this.#rows.get(id) ?? null;
  }

  clear() {
    for (const id of this.#rows.keys()) this.#drop(id);
    this.#tell();
  }

  /** @param {Entry} entry */
  #show(entry) {
    return this.#place(entry.id, (row) => row.show(entry));
  }

  /**
   * @param {string} id
   * @param {(row: ListRow) => void} show
   */
  #place(id, show) {
    const row = this.#rows.get(id) ?? new ListRow(id, this.#actions);
    this.#rows.set(id, row);
    show(row);
    row.element.hidden = this.#hidden.has(id);
    const next = this.#firstAfter(row);
    const isInPlace = row.element.isConnected && row.element.nextElementSibling === next;
    if (!isInPlace) this.#list.insertBefore(row.element, next);
    return row;
  }

  /** Return the element of the first row that comes after this one. @param {ListRow} row */
  #firstAfter(row) {
    const others = [...this.#list.children].filter((element) => element !== row.element);
    const before = others.findLastIndex((other) => this.#rowOf(other).rank <= row.rank);
    return others[before + 1] ?? null;
  }

  /** @param {Element} element */
  #rowOf(element) {
    const { entryId = "" } = /** @type {HTMLElement} */ (element).dataset;
    return /** @type {ListRow} */ (this.#rows.get(entryId));
  }

  /** @param {string} id */
  #drop(id) {
    this.#rows.get(id)?.element.remove();
    this.#rows.delete(id);
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}
