import { EntryCard } from "./entry-card.js";

/**
 * @import { Entry } from "../common/contract.js"
 * @import { Actions } from "./entry-card.js"
 */

const REFRESH_MS = 30_000;

/**
 * The entries on the page: each once, newest first. Fires `count` after each change, with the
 * number of visible entries as its `detail`, and `delete`, with an id, when the user deletes one.
 */
export class HistoryList extends EventTarget {
  #list;
  #actions;
  /** @type {Map<string, EntryCard>} */ #cards = new Map();
  /** @type {Set<string>} */ #hidden = new Set();

  /**
   * @param {HTMLElement} list
   * @param {Actions["correct"]} correct
   * @param {AbortSignal} signal
   */
  constructor(list, correct, signal) {
    super();
    this.#list = list;
    this.#actions = { correct, remove: (/** @type {string} */ id) => this.#fire("delete", id) };
    const timer = setInterval(() => this.#refreshTimes(), REFRESH_MS);
    signal.addEventListener("abort", () => clearInterval(timer));
  }

  get size() {
    return this.#cards.size;
  }

  /** Show these and no others. @param {Entry[]} entries */
  replace(entries) {
    const ids = new Set(entries.map(({ id }) => id));
    for (const id of this.#cards.keys()) if (!ids.has(id)) this.#drop(id);
    this.extend(entries);
  }

  /** Show these too. @param {Entry[]} entries */
  extend(entries) {
    for (const entry of entries) this.#place(entry);
    this.#count();
  }

  /**
   * Show an entry that was just added or changed. One older than all that are shown is left to
   * its page, unless all pages are loaded.
   * @param {Entry} entry
   * @param {{isComplete: boolean}} pages
   */
  put(entry, { isComplete }) {
    const isOldest = this.#list.childElementCount > 0 && !this.#firstOlder(entry.timestamp);
    if (isOldest && !isComplete && !this.#cards.has(entry.id)) return;
    this.#place(entry).highlight();
    this.#count();
  }

  /** @param {string} id */
  remove(id) {
    this.#hidden.delete(id);
    this.#drop(id);
    this.#count();
  }

  /**
   * Hide an entry, or show it again.
   * @param {string} id
   * @param {boolean} isHidden
   */
  hide(id, isHidden) {
    if (isHidden) this.#hidden.add(id);
    else this.#hidden.delete(id);
    const card = this.#cards.get(id);
    if (card) card.element.hidden = isHidden;
    this.#count();
  }

  /**
   * @param {Entry} entry
   * @returns {EntryCard}
   */
  #place(entry) {
    const card = this.#cards.get(entry.id) ?? new EntryCard(entry.id, this.#actions);
    this.#cards.set(entry.id, card);
    card.show(entry);
    card.element.hidden = this.#hidden.has(entry.id);
    const older = this.#firstOlder(entry.timestamp);
    const isInPlace = card.element.isConnected && card.element.nextElementSibling === older;
    if (!isInPlace) this.#list.insertBefore(card.element, older);
    return card;
  }

  /** Return the element that an entry of this age belongs before. @param {string} timestamp */
  #firstOlder(timestamp) {
    const elements = /** @type {HTMLElement[]} */ ([...this.#list.children]);
    return elements.find(({ dataset }) => (dataset.timestamp ?? "") < timestamp) ?? null;
  }

  /** @param {string} id */
  #drop(id) {
    this.#cards.get(id)?.element.remove();
    this.#cards.delete(id);
  }

  #count() {
    const shown = [...this.#cards.keys()].filter((id) => !this.#hidden.has(id));
    this.#fire("count", shown.length);
  }

  /**
   * @param {"count" | "delete"} type
   * @param {number | string} detail
   */
  #fire(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #refreshTimes() {
    for (const card of this.#cards.values()) card.refreshTime();
  }
}
