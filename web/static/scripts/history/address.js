import { cursorAbove } from "./entries.js";

/**
 * @import { Place } from "./place.js"
 */

const PAUSE_MS = 300; // browsers allow few changes of the address

/**
 * The view in the page's address: the filters, the place, and the entry that is open large. Back and
 * reload find it there. Fires `entry` when Back or Forward leads to another entry, or to none.
 */
export class Address extends EventTarget {
  #read;
  #timer = 0;
  /** Resolves when the page has gone back from an entry. @type {Promise<unknown>} */
  #left = Promise.resolve();

  /**
   * @param {() => {fields: URLSearchParams, place: Place}} read  the view as it is
   * @param {AbortSignal} signal
   */
  constructor(read, signal) {
    super();
    this.#read = read;
    history.scrollRestoration = "manual";
    addEventListener("scroll", () => this.keepSoon(), { signal, passive: true });
    addEventListener("popstate", () => this.dispatchEvent(new Event("entry")), { signal });
  }

  /** The id of the entry that is open. */
  get entry() {
    return new URLSearchParams(location.search).get("entry");
  }

  /** Show that an entry is open; Back leads to the list. @param {string} id */
  async open(id) {
    await this.#left;
    if (this.entry === id) return;
    if (this.entry !== null) return this.#write(id);
    this.#keep();
    history.pushState({ ...history.state, isOpened: true }, "");
    this.#write(id);
  }

  /** Show that no entry is open any more. */
  close() {
    if (this.entry === null) return;
    if (!history.state?.isOpened) return this.#write(null);
    this.#left = new Promise((resolve) => addEventListener("popstate", resolve, { once: true }));
    history.back();
  }

  keepSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#keep(), PAUSE_MS);
  }

  #keep() {
    this.#write(this.entry);
  }

  /** @param {string | null} entry */
  #write(entry) {
    clearTimeout(this.#timer);
    const { fields, place } = this.#read();
    if (place.before) fields.set("before", place.before);
    if (entry) fields.set("entry", entry);
    const query = fields.size ? `?${fields}` : "";
    const state = { ...history.state, top_px: place.top_px };
    history.replaceState(state, "", location.pathname + query);
  }
}

/** The view that the address asks for. @returns {{fields: URLSearchParams, place: Place}} */
export function viewAsked() {
  const fields = new URLSearchParams(location.search);
  const before = fields.get("before");
  fields.delete("before");
  fields.delete("entry");
  const top_px = history.state?.top_px ?? (before ? 0 : Infinity);
  return { fields, place: { before, top_px } };
}

/** The place of the newest entry of a day. @param {string} day  "2026-01-31" @returns {Place} */
export function placeOf(day) {
  const end = new Date(`${day}T23:59:59.999`).toISOString();
  return { before: cursorAbove({ timestamp: end }), top_px: 0 };
}
