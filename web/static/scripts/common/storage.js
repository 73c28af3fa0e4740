import { MAKER } from "./settings.js";

/** Values kept by the browser. Where it forbids storage or has no room, a value is forgotten. */
class Store {
  #storage;
  #prefix;
  /** The names of the values that this page has asked for. @type {Set<string>} */ #known =
    new Set();

  /**
   * @param {() => Storage} storage  throws where storage is forbidden
   * @param {string} prefix  of the names
   */
  constructor(storage, prefix = "") {
    this.#storage = storage;
    this.#prefix = prefix;
  }

  /**
   * @template T
   * @param {string} name
   * @param {T} otherwise
   * @returns {T}
   */
  get(name, otherwise) {
    this.#known.add(name);
    try {
      return JSON.parse(this.#storage().getItem(this.#prefix + name) ?? "null") ?? otherwise;
    } catch {
      return otherwise;
    }
  }

  /** Return all that this page has asked for, as it is now. */
  snapshot() {
    return [...this.#known].map((name) => this.get(name, null));
  }

  /**
   * @param {string} name
   * @param {unknown} value
   */
  set(name, value) {
    try {
      this.#storage().setItem(this.#prefix + name, JSON.stringify(value));
    } catch {
      // Storage is full or forbidden: the page works on, only a reload forgets.
    }
  }
}

/** Values that survive a reload of this tab, separate for each guest and account. */
export const sessionStore = new Store(() => sessionStorage, `${MAKER}/`);

/** Choices kept for every later visit. */
export const localStore = new Store(() => localStorage);

/** Return all that this page has asked for, as it is now. */
export function allKnown() {
  return JSON.stringify([sessionStore.snapshot(), localStore.snapshot()]);
}
