import { cursorOf } from "./entries.js";

/**
 * @import { Connection } from "../common/connection.js"
 * @import { Entry, Filter } from "../common/contract.js"
 *
 * @typedef {"newer" | "older"} Side
 */

const PAGE_LIMIT = 10;

/** The entries beside one, in the order of the history with its filters. */
export class Neighbors {
  #connection;
  #filter;
  #isHidden;
  /** Some that follow each other, newest first. @type {Entry[]} */ #entries = [];
  #middle = "";

  /**
   * @param {Connection} connection
   * @param {() => Filter} filter
   * @param {(id: string) => boolean} isHidden  whether an entry is passed over
   */
  constructor(connection, filter, isHidden) {
    this.#connection = connection;
    this.#filter = filter;
    this.#isHidden = isHidden;
    connection.socket.on("history_changed", (entry) => this.#change(entry));
    connection.socket.on("history_removed", ({ id }) => this.#remove(id));
  }

  /** Go to an entry. @param {Entry} entry */
  goTo(entry) {
    this.#middle = cursorOf(entry);
    if (!this.#entries.some(({ id }) => id === entry.id)) this.#entries = [entry];
  }

  /** Forget the others: their changes may have been missed. */
  forget() {
    this.#entries = this.#entries.filter((entry) => cursorOf(entry) === this.#middle);
  }

  /**
   * Return the nearest entry on a side, null if there is none.
   * @param {Side} side
   * @returns {Promise<Entry | null>}
   */
  async get(side) {
    let found = this.#find(side);
    while (!found && (await this.#load(side))) found = this.#find(side);
    return found ?? null;
  }

  /** @param {Side} side */
  #find(side) {
    const shown = this.#entries.filter(({ id }) => !this.#isHidden(id));
    return side === "older"
      ? shown.find((entry) => cursorOf(entry) < this.#middle)
      : shown.findLast((entry) => cursorOf(entry) > this.#middle);
  }

  /**
   * Load some more on a side.
   * @param {Side} side
   * @returns {Promise<boolean>} whether there may be another now
   */
  async #load(side) {
    const entries = this.#entries;
    const end = side === "older" ? entries.at(-1) : entries[0];
    const cursor = end ? cursorOf(end) : this.#middle;
    const bound = side === "older" ? { before: cursor } : { after: cursor };
    const query = { ...this.#filter(), ...bound, limit: PAGE_LIMIT };
    const answer = await this.#connection.request("list_history", query);
    if (entries !== this.#entries) return true; // they were changed meanwhile
    if (!answer.ok || answer.entries.length === 0) return false;
    const [newer, older] = side === "older" ? [entries, answer.entries] : [answer.entries, entries];
    this.#entries = [...newer, ...older];
    return true;
  }

  /** @param {Entry} changed */
  #change(changed) {
    this.#entries = this.#entries.map((entry) => (entry.id === changed.id ? changed : entry));
  }

  /** @param {string} id */
  #remove(id) {
    this.#entries = this.#entries.filter((entry) => entry.id !== id);
  }
}
