import { MAKER } from "../common/settings.js";
import { matches } from "./filter.js";

/**
 * @import { Connection } from "../common/connection.js"
 * @import { Entry, Filter, Problem } from "../common/contract.js"
 *
 * @typedef {{entries: Entry[], next: string | null}} Page
 *
 * @typedef {object} Listener
 * @property {() => void} onConnect  changes may have been missed
 * @property {(entry: Entry) => void} onEntry  added or changed, and passes the filter
 * @property {(id: string) => void} onGone  deleted, or passes the filter no more
 * @property {(failure: Problem | null) => void} onAnswer  null: the request succeeded
 */

const PAGE_LIMIT = 20;
const SILENCE = { code: "unavailable", message: "The server did not answer." };

/** The entries on the server that pass a filter: pages on demand, and changes live. */
export class HistorySource {
  /** @type {Filter} */ #filter = {};
  #connection;
  #listener;
  #isWatching = false;
  /** Pages that are being loaded. */
  #loads = 0;
  /** Changes that arrived meanwhile. @type {(() => void)[]} */ #early = [];

  /**
   * @param {Connection} connection
   * @param {Listener} listener
   */
  constructor(connection, listener) {
    this.#connection = connection;
    this.#listener = listener;
    const { socket } = connection;
    socket.on("connect", () => this.#connect());
    socket.on("history_added", (entry) => this.#apply(() => this.#put(entry)));
    socket.on("history_changed", (entry) => this.#apply(() => this.#put(entry)));
    socket.on("history_removed", ({ id }) => this.#apply(() => listener.onGone(id)));
  }

  /** @param {Filter} filter */
  set filter(filter) {
    this.#filter = filter;
    this.#isWatching = false; // the server sends changes as it was last asked to
  }

  /**
   * Load a page of entries. The changes that follow it are told after it was taken.
   * @param {{before?: string, after?: string, limit?: number}} bounds
   * @param {(page: Page) => void} take
   * @returns {Promise<boolean>} whether it was loaded
   */
  async load(bounds, take) {
    if (!this.#connection.socket.connected) return false;
    const event = this.#isWatching ? "list_history" : "watch_history";
    this.#isWatching = true;
    this.#loads += 1;
    const query = { ...this.#filter, limit: PAGE_LIMIT, ...bounds };
    const answer = await this.#connection.ask(event, query).catch(() => null);
    if (answer?.ok) take(answer);
    else if (event === "watch_history") this.#isWatching = false;
    this.#loads -= 1;
    this.#settle();
    const failure = answer?.ok ? null : (answer?.error ?? SILENCE);
    if (this.#connection.socket.connected) this.#listener.onAnswer(failure);
    return failure === null;
  }

  #connect() {
    this.#isWatching = false;
    this.#listener.onConnect();
  }

  #settle() {
    if (this.#loads > 0) return;
    for (const apply of this.#early.splice(0)) apply();
  }

  /** @param {() => void} change */
  #apply(change) {
    this.#early.push(change);
    this.#settle();
  }

  /** @param {Entry} entry */
  #put(entry) {
    if (matches(entry, this.#filter, MAKER)) this.#listener.onEntry(entry);
    else this.#listener.onGone(entry.id);
  }
}
