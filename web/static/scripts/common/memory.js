import { MAKER } from "./settings.js";

/** What is remembered here. A browser that forbids storage simply forgets. */

/**
 * Remembers something over a reload of this tab, for whoever looks at it now and nobody else.
 * @param {string} name
 * @param {unknown} value
 */
export function remember(name, value) {
  write(() => sessionStorage, `${MAKER}/${name}`, value);
}

/**
 * @template T
 * @param {string} name
 * @param {T} otherwise
 * @returns {T}
 */
export function recall(name, otherwise) {
  return read(() => sessionStorage, `${MAKER}/${name}`, otherwise);
}

/**
 * Keeps a choice for every later visit.
 * @param {string} name
 * @param {unknown} value
 */
export function keep(name, value) {
  write(() => localStorage, name, value);
}

/**
 * @template T
 * @param {string} name
 * @param {T} otherwise
 * @returns {T}
 */
export function kept(name, otherwise) {
  return read(() => localStorage, name, otherwise);
}

/**
 * @param {() => Storage} storage  which may not be allowed
 * @param {string} name
 * @param {unknown} value
 */
function write(storage, name, value) {
  try {
    storage().setItem(name, JSON.stringify(value));
  } catch {
    // Storage is full or forbidden: the page works on, only a reload forgets.
  }
}

/**
 * @template T
 * @param {() => Storage} storage
 * @param {string} name
 * @param {T} otherwise
 * @returns {T}
 */
function read(storage, name, otherwise) {
  try {
    return JSON.parse(storage().getItem(name) ?? "null") ?? otherwise;
  } catch {
    return otherwise;
  }
}
