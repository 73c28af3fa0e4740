/**
 * @import { Connection } from "./connection.js"
 */

const RETRY_MS = 1_000;

/**
 * A part of the page that is loaded when it is first wanted.
 * @template Module
 * @template Part
 */
export class Late {
  #connection;
  #load;
  #make;
  /** @type {Promise<Part> | null} */ #loading = null;
  /** @type {Part | null} */ #part = null;

  /**
   * @param {Connection} connection
   * @param {() => Promise<Module>} load  rejects if the server cannot be reached
   * @param {(module: Module) => Part} make
   */
  constructor(connection, load, make) {
    this.#connection = connection;
    this.#load = load;
    this.#make = make;
  }

  /** The part, if it has come. */
  get part() {
    return this.#part;
  }

  /** Load it once. @returns {Promise<Part>} */
  get() {
    this.#loading ??= this.#loadAtLast();
    return this.#loading;
  }

  async #loadAtLast() {
    this.#part = this.#make(await this.#loadModule());
    return this.#part;
  }

  async #loadModule() {
    for (;;) {
      await this.#connection.connected();
      try {
        return await this.#load();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }
}

/**
 * Load style sheets. Rejects if one cannot be loaded.
 * @param {string[]} names
 */
export async function loadStyles(...names) {
  await Promise.all(names.map(loadSheet));
}

/** @param {string} name */
function loadSheet(name) {
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = `/static/styles/${name}`;
  document.head.append(sheet);
  return new Promise((resolve, reject) => {
    sheet.addEventListener("load", resolve);
    sheet.addEventListener("error", () => {
      sheet.remove();
      reject(new Error(`No style sheet ${name}`));
    });
  });
}
