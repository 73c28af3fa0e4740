import { matches } from "./filter.js";

/**
 * @import { Connection } from "../common/connection.js"
 * @import { Entry, Problem, Filter, HistoryQuery } from "../common/contract.js"
 * @import { HistoryList } from "./history-list.js"
 */

const PAGE_LIMIT = 20;
const MAX_LIMIT = 100;

/** The source of the list: new entries live from the server, older ones on demand. */
export class HistoryFeed {
  #connection;
  #list;
  #onAnswer;
  /** @type {Filter} */ #filter = {};
  /** @type {string | null} */ #next = null;
  #turn = 0;
  /** Events that arrived while a page of entries is being loaded; null: none is. */
  /** @type {(() => void)[] | null} */ #early = null;

  /**
   * @param {Connection} connection
   * @param {HistoryList} list
   * @param {(failure: Problem | null) => void} onAnswer  null: the request succeeded
   */
  constructor(connection, list, onAnswer) {
    this.#connection = connection;
    this.#list = list;
    this.#onAnswer = onAnswer;
    const { socket } = connection;
    socket.on("connect", () => this.#watch());
    socket.on("history_added", (entry) => this.#apply(() => this.#put(entry)));
    socket.on("history_changed", (entry) => this.#apply(() => this.#put(entry)));
    socket.on("history_removed", ({ id }) => this.#apply(() => list.remove(id)));
  }

  /** Show only the entries that match. @param {Filter} filter */
  filter(filter) {
    this.#filter = filter;
    this.#watch();
  }

  /** Load the next older entries, if there are any and nothing is being loaded. */
  older() {
    if (!this.#next || this.#early) return;
    const query = { ...this.#filter, limit: PAGE_LIMIT, before: this.#next };
    this.#load("list_history", query, (entries) => this.#list.extend(entries));
  }

  #watch() {
    const limit = Math.min(Math.max(this.#list.size, PAGE_LIMIT), MAX_LIMIT);
    const query = { ...this.#filter, limit };
    this.#load("watch_history", query, (entries) => this.#list.replace(entries));
  }

  /**
   * @param {"watch_history" | "list_history"} event
   * @param {HistoryQuery} query
   * @param {(entries: Entry[]) => void} take
   */
  async #load(event, query, take) {
    if (!this.#connection.socket.connected) return;
    this.#turn += 1;
    this.#early ??= [];
    const turn = this.#turn;
    const answer = await this.#connection.ask(event, query).catch(() => null);
    if (turn !== this.#turn) return;
    if (answer?.ok) {
      this.#next = answer.next;
      take(answer.entries);
    }
    if (answer) this.#onAnswer(answer.ok ? null : answer.error);
    this.#settle();
  }

  #settle() {
    const early = this.#early ?? [];
    this.#early = null;
    for (const apply of early) apply();
  }

  /** @param {() => void} change */
  #apply(change) {
    if (this.#early) this.#early.push(change);
    else change();
  }

  /** @param {Entry} entry */
  #put(entry) {
    if (!matches(entry, this.#filter)) this.#list.remove(entry.id);
    else this.#list.put(entry, { isComplete: this.#next === null });
  }
}
