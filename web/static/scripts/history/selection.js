import { cursorOf, isOwn } from "./entries.js";

/**
 * @import { Connection } from "../common/connection.js"
 * @import { Entry, Filter } from "../common/contract.js"
 *
 * What is kept of a selected entry.
 * @typedef {Pick<Entry, "id" | "timestamp" | "predicted" | "corrected">} Selected
 */

const PAGE_LIMIT = 100;

/** The entries that the user has selected, also far from the view. Fires `change`. */
export class Selection extends EventTarget {
  #connection;
  /** @type {Map<string, Selected>} */ #entries = new Map();
  /** Grows when what is being collected is not wanted any more. */
  #turn = 0;
  /** The entry that was picked last: a range begins there. @type {Entry | null} */ #last = null;

  /** @param {Connection} connection */
  constructor(connection) {
    super();
    this.#connection = connection;
    const { socket } = connection;
    socket.on("history_changed", (entry) => this.has(entry.id) && this.#take(entry));
    socket.on("history_removed", ({ id }) => this.#entries.delete(id) && this.#tell());
  }

  get ids() {
    return [...this.#entries.keys()];
  }

  /** The selected entries, newest first. */
  get entries() {
    return [...this.#entries.values()].sort((one, other) =>
      cursorOf(one) < cursorOf(other) ? 1 : -1,
    );
  }

  /** @param {string} id */
  has(id) {
    return this.#entries.has(id);
  }

  clear() {
    this.#turn += 1;
    this.#entries.clear();
    this.#last = null;
    this.#tell();
  }

  /**
   * @param {Entry} entry
   * @param {boolean} isPicked
   */
  pick(entry, isPicked) {
    if (isPicked) this.#take(entry);
    else this.#entries.delete(entry.id);
    this.#last = entry;
    this.#tell();
  }

  /**
   * Select from the entry that was picked last to this one.
   * @param {Entry} entry
   * @param {Filter} filter
   */
  async pickRange(entry, filter) {
    const ends = [entry, this.#last ?? entry].sort((one, other) =>
      cursorOf(one) < cursorOf(other) ? 1 : -1,
    );
    const [newest = entry, oldest = entry] = ends;
    this.pick(newest, true);
    await this.#collect(filter, cursorOf(newest), cursorOf(oldest));
    this.#last = entry;
  }

  /** Select all entries that pass a filter and are the user's own. @param {Filter} filter */
  async pickAll(filter) {
    await this.#collect({ ...filter, mine: true });
  }

  /**
   * @param {Filter} filter
   * @param {string} [before]  cursor
   * @param {string} until  cursor of the oldest one
   */
  async #collect(filter, before, until = "") {
    const turn = this.#turn;
    for (let next = before ?? null, isFirst = true; next !== null || isFirst; isFirst = false) {
      const query = { ...filter, limit: PAGE_LIMIT, ...(next && { before: next }) };
      const answer = await this.#connection.request("list_history", query);
      if (!answer.ok || turn !== this.#turn) return;
      const wanted = answer.entries.filter((entry) => cursorOf(entry) >= until && isOwn(entry));
      for (const entry of wanted) this.#take(entry);
      this.#tell();
      next = answer.next !== null && answer.next > until ? answer.next : null;
    }
  }

  /** @param {Entry} entry */
  #take({ id, timestamp, predicted, corrected }) {
    this.#entries.set(id, { id, timestamp, predicted, corrected });
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}
