import { MAKER } from "../common/settings.js";
import { matches } from "./filter.js";

/**
 * @import { Connection } from "../common/connection.js"
 * @import {
 *   Entry, EntryEvent, Filter, HistoryQuery, Mark, Problem, Removed, WatchHistory,
 * } from "../common/contract.js"
 *
 * @typedef {{entries: Entry[], next: string | null}} Page
 *
 * @typedef {object} Listener
 * @property {(isRecovered: boolean) => void} onConnect  unless recovered, changes may be missed
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
  /** The last event that came, or the newest when it began to watch.
   * @type {{since: number, epoch: string} | null} */
  #last = null;
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
    socket.on("history_added", (event) => this.#take(event, () => this.#put(event)));
    socket.on("history_changed", (event) => this.#take(event, () => this.#put(event)));
    socket.on("history_removed", (event) => this.#take(event, () => listener.onGone(event.id)));
  }

  /** @param {Filter} filter */
  set filter(filter) {
    this.#filter = filter;
    this.#isWatching = false; // the server sends changes as it was last asked to
    this.#last = null;
  }

  /**
   * Load a page of entries. The changes that follow it are told after it was taken.
   * @param {{before?: string, after?: string, limit?: number}} bounds
   * @param {(page: Page) => void} take
   * @returns {Promise<boolean>} whether it was loaded
   */
  async load(bounds, take) {
    if (!this.#connection.socket.connected) return false;
    this.#loads += 1;
    const query = { ...this.#filter, limit: PAGE_LIMIT, ...bounds };
    const answer = await (this.#isWatching ? this.#list(query) : this.#watch(query));
    if (answer?.ok) take(answer);
    this.#loads -= 1;
    this.#settle();
    const failure = answer?.ok ? null : (answer?.error ?? SILENCE);
    if (this.#connection.socket.connected) this.#listener.onAnswer(failure);
    return failure === null;
  }

  async #connect() {
    this.#isWatching = false;
    this.#listener.onConnect(await this.#catchUp());
  }

  /** Ask for the events that were missed. @returns {Promise<boolean>} whether all came */
  async #catchUp() {
    if (!this.#last) return false;
    const answer = await this.#watch({ ...this.#filter, limit: 1, ...this.#last });
    return answer?.ok === true && answer.recovered;
  }

  /** @param {HistoryQuery} query */
  #list(query) {
    return this.#connection.ask("list_history", query).catch(() => null);
  }

  /** List entries, and get their changes from now on. @param {WatchHistory} query */
  async #watch(query) {
    this.#isWatching = true; // what is loaded meanwhile needs not ask for the changes again
    const answer = await this.#connection.ask("watch_history", query).catch(() => null);
    if (answer?.ok) this.#note(answer);
    else this.#isWatching = false;
    return answer;
  }

  /**
   * @param {EntryEvent | Removed} event
   * @param {() => void} change
   */
  #take(event, change) {
    this.#note(event);
    this.#apply(change);
  }

  /** Note up to where all events have come; an answer may be older than they are. @param {Mark} mark */
  #note({ epoch, position }) {
    if (this.#last?.epoch === epoch && this.#last.since > position) return;
    this.#last = { since: position, epoch };
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
