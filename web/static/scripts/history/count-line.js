import { find } from "../common/find.js";
import { MAKER } from "../common/settings.js";
import { matches } from "./filter.js";

/**
 * @import { Connection } from "../common/connection.js"
 * @import { Filter } from "../common/contract.js"
 */

const PAUSE_MS = 1_000;
const NUMBER = new Intl.NumberFormat("en");

/** The line that says how many entries pass the filter. */
export class CountLine {
  #line = find("#count", HTMLElement);
  #connection;
  /** @type {Filter} */ #filter = {};
  #count = 0;
  #turn = 0;
  #timer = 0;

  /** @param {Connection} connection */
  constructor(connection) {
    this.#connection = connection;
    const { socket } = connection;
    socket.on("connect", () => this.#ask());
    socket.on("history_added", (entry) => {
      if (matches(entry, this.#filter, MAKER)) this.#show(this.#count + 1);
    });
    socket.on("history_changed", () => this.#askSoon());
    socket.on("history_removed", () => this.#askSoon());
  }

  /** @param {Filter} filter */
  filter(filter) {
    this.#filter = filter;
    if (this.#connection.socket.connected) this.#ask();
  }

  #askSoon() {
    this.#timer ||= setTimeout(() => this.#ask(), PAUSE_MS);
  }

  async #ask() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#turn += 1;
    const turn = this.#turn;
    const answer = await this.#connection.ask("count_history", this.#filter).catch(() => null);
    if (answer?.ok && turn === this.#turn) this.#show(answer.count);
  }

  /** @param {number} count */
  #show(count) {
    this.#count = count;
    this.#line.textContent = `${NUMBER.format(count)} ${count === 1 ? "reading" : "readings"}`;
  }
}
