import { MAKER } from "./settings.js";

/** Values kept by the browser. Where it forbids storage or has no room, a value is forgotten. */
class Store {
  #storage;
  #prefix;

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
    try {
      return JSON.parse(this.#storage().getItem(this.#prefix + name) ?? "null") ?? otherwise;
    } catch {
      return otherwise;
    }
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
