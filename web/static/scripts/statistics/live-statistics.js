import { callApi } from "../common/api.js";

/**
 * @import { Connection } from "../common/connection.js"
 * @import { Problem, Statistics, StatisticsAnswer } from "../common/contract.js"
 *
 * @typedef {object} Listener
 * @property {(statistics: Statistics) => void} take
 * @property {(failure: Problem) => void} fail
 */

const PAUSE_MS = 500; // between two requests, however many changes there are
const RETRY_MS = 5_000;
const EVENTS = /** @type {const} */ (["history_added", "history_changed", "history_removed"]);

/** The statistics on the server, anew after each change of the history. */
export class LiveStatistics {
  #connection;
  #isMine;
  #listener;
  #timer = 0;
  #turn = 0;

  /**
   * @param {Connection} connection
   * @param {() => boolean} isMine  whether only what was made here counts
   * @param {Listener} listener
   */
  constructor(connection, isMine, listener) {
    this.#connection = connection;
    this.#isMine = isMine;
    this.#listener = listener;
    for (const event of EVENTS) connection.socket.on(event, () => this.#loadIn(PAUSE_MS));
    connection.onConnect(() => this.begin());
  }

  /** Watch the history, and load: what changes in between is told. */
  async begin() {
    const query = { limit: 1, mine: this.#isMine() };
    await this.#connection.ask("watch_history", query).catch(() => null);
    await this.#load();
  }

  /** @param {number} pause_ms */
  #loadIn(pause_ms) {
    this.#timer ||= setTimeout(() => this.#load(), pause_ms);
  }

  async #load() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#turn += 1;
    const turn = this.#turn;
    const answer = await this.#ask();
    if (turn !== this.#turn) return;
    if (answer?.ok) this.#listener.take(answer.statistics);
    else if (this.#connection.socket.connected) this.#loadIn(RETRY_MS);
    if (answer?.ok === false) this.#listener.fail(answer.error);
  }

  /** @returns {Promise<StatisticsAnswer | null>} null: there is no answer */
  async #ask() {
    try {
      const response = await callApi(`/api/statistics?mine=${this.#isMine()}`);
      return await response.json();
    } catch {
      return null;
    }
  }
}
