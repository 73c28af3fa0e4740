import { openDB } from "idb";

/**
 * @import { IDBPDatabase } from "idb"
 */

const DATABASE = "live-digits";
const VERSION = 3;
/** The tables: their names, and the field that is each record's key. */
const TABLES = { drawings: "drawing", photos: "id", corrections: "id" };

/**
 * Records that outlive the page: one table of the browser's database (IndexedDB). What the browser
 * does not take, for want of permission or of space, is in memory and a reload forgets it.
 * @template {object} Value
 */
export class RecordStore {
  #table;
  #key;
  /** @type {IDBPDatabase | null} */ #database = null;
  /** @type {Map<string, Value>} */ #memory = new Map();
  #opened;

  /** @param {keyof typeof TABLES} table */
  constructor(table) {
    this.#table = table;
    this.#key = /** @type {keyof Value} */ (TABLES[table]);
    this.#opened = this.#open();
  }

  /**
   * Put a record in the place of one with the same key. It is on its way to the disk when this
   * returns, so that a page may do this while it is being closed.
   * @param {Value} value
   * @returns {Promise<void>}  resolves when it is stored
   */
  async put(value) {
    const key = this.#keyOf(value);
    this.#memory.set(key, value);
    if (!this.#database) {
      await this.#opened;
      return;
    }
    try {
      const change = this.#database.transaction(this.#table, "readwrite");
      const isPut = change.store.put(value);
      change.commit();
      await Promise.all([isPut, change.done]);
      if (this.#memory.get(key) === value) this.#memory.delete(key);
    } catch {
      // No space: it stays in memory.
    }
  }

  /**
   * Delete the record with this key if it is still so.
   * @param {string} key
   * @param {(value: Value) => boolean} isSo
   */
  async deleteIf(key, isSo) {
    await this.#opened;
    const held = this.#memory.get(key);
    if (held && isSo(held)) this.#memory.delete(key);
    if (!this.#database) return;
    const change = this.#database.transaction(this.#table, "readwrite");
    const value = await change.store.get(key);
    if (value && isSo(value)) await change.store.delete(key);
    await change.done;
  }

  /** @returns {Promise<Value[]>} */
  async all() {
    await this.#opened;
    const stored = this.#database ? await this.#database.getAll(this.#table) : [];
    const newest = new Map(stored.map((value) => [this.#keyOf(value), value]));
    for (const [key, value] of this.#memory) newest.set(key, value);
    return [...newest.values()];
  }

  async #open() {
    try {
      this.#database = await openDB(DATABASE, VERSION, {
        upgrade: (database) => {
          for (const [name, keyPath] of Object.entries(TABLES)) {
            if (!database.objectStoreNames.contains(name)) {
              database.createObjectStore(name, { keyPath });
            }
          }
        },
        blocking: () => this.#close(),
        terminated: () => this.#close(),
      });
    } catch {
      return; // the browser forbids it: memory must do
    }
    const early = [...this.#memory.values()];
    this.#memory.clear();
    await Promise.all(early.map((value) => this.put(value)));
  }

  /** Work on in memory: a newer page changes the tables, or the browser has closed them. */
  #close() {
    this.#database?.close();
    this.#database = null;
  }

  /** @param {Value} value */
  #keyOf(value) {
    return String(value[this.#key]);
  }
}
