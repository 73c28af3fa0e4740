import { Toast } from "./toast.js";

/**
 * @import { Connection } from "../common/connection.js"
 * @import { Problem } from "../common/contract.js"
 * @import { HistoryList } from "./history-list.js"
 */

const UNDO_MS = 6_000;

/** Deletions that wait a few seconds, in which they can be undone. */
export class Deletions {
  #connection;
  #list;
  #onFailure;
  /** @type {Map<string, {timer: number, toast: Toast}>} */ #waiting = new Map();

  /**
   * @param {Connection} connection
   * @param {HistoryList} list
   * @param {(failure: Problem) => void} onFailure
   */
  constructor(connection, list, onFailure) {
    this.#connection = connection;
    this.#list = list;
    this.#onFailure = onFailure;
    addEventListener("pagehide", () => this.#flush());
  }

  /** @param {string} id */
  add(id) {
    this.#list.hide(id, true);
    const toast = new Toast("Deleted.", () => this.#undo(id));
    this.#waiting.set(id, { timer: setTimeout(() => this.#delete(id), UNDO_MS), toast });
  }

  /** @param {string} id */
  #undo(id) {
    this.#settle(id);
    this.#list.hide(id, false);
  }

  /** @param {string} id */
  async #delete(id) {
    this.#settle(id);
    const answer = await this.#connection.request("delete_entry", { id });
    if (answer.ok || answer.error.code === "not_found") return this.#list.remove(id);
    this.#list.hide(id, false);
    this.#onFailure(answer.error);
  }

  /** @param {string} id */
  #settle(id) {
    const waiting = this.#waiting.get(id);
    clearTimeout(waiting?.timer);
    waiting?.toast.close();
    this.#waiting.delete(id);
  }

  /** Delete all waiting entries at once: the page is being left. */
  #flush() {
    for (const id of this.#waiting.keys()) {
      this.#settle(id);
      fetch(`/api/predictions/${id}`, { method: "DELETE", keepalive: true });
    }
  }
}
