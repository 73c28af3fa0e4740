import { find } from "../common/find.js";
import { inBatches } from "./batches.js";
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
  /** What waits to be deleted, each with its own Undo and the element that was pressed.
   * @type {Map<string[], {timer: number, toast: Toast, presser: HTMLElement}>} */
  #waiting = new Map();

  /**
   * @param {Connection} connection
   * @param {Pick<HistoryList, "hide" | "remove">} list
   * @param {(failure: Problem) => void} onFailure
   */
  constructor(connection, list, onFailure) {
    this.#connection = connection;
    this.#list = list;
    this.#onFailure = onFailure;
    connection.onLeave(() => this.#flush());
  }

  /** @param {string[]} ids */
  add(...ids) {
    const presser = /** @type {HTMLElement} */ (document.activeElement);
    const isByKeyboard = presser.matches(":focus-visible");
    this.#hide(ids, true);
    const sentence = ids.length === 1 ? "Deleted." : `Deleted ${ids.length} readings.`;
    const toast = new Toast(sentence, () => this.#undo(ids));
    const timer = setTimeout(() => this.#delete(ids), UNDO_MS);
    this.#waiting.set(ids, { timer, toast, presser });
    if (isByKeyboard) toast.focus();
  }

  /** @param {string[]} ids */
  #undo(ids) {
    const presser = this.#waiting.get(ids)?.presser;
    this.#settle(ids);
    this.#hide(ids, false);
    presser?.focus();
  }

  /** @param {string[]} ids */
  async #delete(ids) {
    const { toast, presser } = this.#waiting.get(ids) ?? {};
    if (toast?.hasFocus && presser) heirOf(presser).focus();
    this.#settle(ids);
    for (const batch of inBatches(ids)) {
      const answer = await this.#connection.request("delete_entries", { ids: batch });
      if (answer.ok) for (const id of batch) this.#list.remove(id);
      else {
        this.#hide(batch, false);
        this.#onFailure(answer.error);
      }
    }
  }

  /**
   * @param {string[]} ids
   * @param {boolean} isHidden
   */
  #hide(ids, isHidden) {
    for (const id of ids) this.#list.hide(id, isHidden);
  }

  /** @param {string[]} ids */
  #settle(ids) {
    const waiting = this.#waiting.get(ids);
    clearTimeout(waiting?.timer);
    waiting?.toast.close();
    this.#waiting.delete(ids);
  }

  /** Delete all that wait at once: the page is being left, and nobody waits for the answer. */
  #flush() {
    for (const ids of this.#waiting.keys()) {
      this.#settle(ids);
      for (const batch of inBatches(ids)) {
        this.#connection.socket.emit("delete_entries", { ids: batch }, () => {});
      }
    }
  }
}

/**
 * Return what takes the focus of a button whose entry is deleted: the button of the next entry that
 * is shown, or that entry if it has none; the button itself if there is no other entry.
 * @param {HTMLElement} presser
 */
function heirOf(presser) {
  const entry = presser.closest("[data-entry-id]");
  const all = [...(entry?.parentElement?.children ?? [])];
  const place = entry ? all.indexOf(entry) : -1;
  const others = [...all.slice(place + 1), ...all.slice(0, Math.max(0, place)).reverse()];
  const other = others.find((each) => !(/** @type {HTMLElement} */ (each).hidden));
  if (!entry || !other) return presser;
  const button = find(".delete", HTMLElement, other);
  return button.closest("[hidden]") ? find(".open", HTMLElement, other) : button;
}
