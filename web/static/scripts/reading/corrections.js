import { exclusively } from "../common/exclusively.js";
import { passes } from "../common/failures.js";
import { RecordStore } from "../common/record-store.js";
import { OWNER } from "../common/settings.js";

/**
 * @import { Connection } from "../common/connection.js"
 * @import { Entry, EntryAnswer, Problem } from "../common/contract.js"
 * @import { Outbox } from "../drawing/outbox.js"
 *
 * A text that the server has not accepted, and whose entry it is; `owner` as in the outbox.
 * @typedef {{id: string, text: string, owner: string}} Waiting
 */

const RETRY_MS = 3_000;

/**
 * Corrections of entries: seen at once, and taken back when the server refuses them. Each outlives
 * the page and the connection. One of a drawing in the outbox waits until that is saved. Fires
 * `change` when the text of an entry is another, with the entry if the server has accepted it.
 */
export class Corrections extends EventTarget {
  #connection;
  #outbox;
  #onFailure;
  /** @type {RecordStore<Waiting>} */ #store = new RecordStore("corrections");
  /** Texts from this page that are not answered, by the id of the entry. @type {Map<string, string>}
   */
  #texts = new Map();
  /** Those who wait for the answer. @type {Map<string, ((answer: EntryAnswer) => void)[]>} */
  #askers = new Map();
  #turn = Promise.resolve();
  #timer = 0;

  /**
   * @param {Connection} connection
   * @param {Pick<Outbox, "holds">} outbox
   * @param {(failure: Problem) => void} onFailure  of a correction that an earlier page has left
   */
  constructor(connection, outbox, onFailure) {
    super();
    this.#connection = connection;
    this.#outbox = outbox;
    this.#onFailure = onFailure;
    connection.onConnect(() => this.send());
    connection.socket.on("history_changed", (entry) => this.#note(entry));
  }

  /** @param {string} id  of an entry @returns {string | null} its text that waits, if any */
  of(id) {
    return this.#texts.get(id) ?? null;
  }

  /**
   * Correct an entry, or a drawing that is to become one.
   * @param {string} id
   * @param {string} text
   * @returns {Promise<EntryAnswer>} to this correction, or to the newer one that replaces it
   */
  correct(id, text) {
    this.#texts.set(id, text);
    this.#tell();
    const kept = this.#store.put({ id, text, owner: OWNER });
    kept.then(() => this.send());
    return new Promise((resolve) => {
      this.#askers.set(id, [...(this.#askers.get(id) ?? []), resolve]);
    });
  }

  /** Drop what waits for a drawing that has changed. @param {string} id */
  drop(id) {
    this.#texts.delete(id);
    this.#askers.delete(id);
    this.#store.deleteIf(id, () => true);
  }

  /** Send what waits for no drawing. Resolves when that is answered. */
  send() {
    const sendAll = () => exclusively(`corrections/${OWNER}`, () => this.#sendAll());
    this.#turn = this.#turn.then(sendAll, sendAll);
    return this.#turn;
  }

  async #sendAll() {
    clearTimeout(this.#timer);
    for (const waiting of await this.#store.all()) {
      if (waiting.owner !== OWNER || (await this.#outbox.holds(waiting.id))) continue;
      if (!this.#connection.socket.connected) return;
      if (!(await this.#send(waiting))) {
        this.#timer = setTimeout(() => this.send(), RETRY_MS);
        return;
      }
    }
  }

  /**
   * @param {Waiting} waiting
   * @returns {Promise<boolean>} whether it is answered once and for all
   */
  async #send({ id, text }) {
    const answer = await this.#connection.ask("correct_entry", { id, text }).catch(() => null);
    if (!answer || (!answer.ok && passes(answer.error.code))) return false;
    await this.#store.deleteIf(id, (stored) => stored.text === text);
    this.#settle(id, text, answer);
    return true;
  }

  /** Take note that an entry was changed, maybe as another page has sent it. @param {Entry} entry */
  #note(entry) {
    if (entry.corrected) this.#settle(entry.id, entry.corrected, { ok: true, entry });
  }

  /**
   * @param {string} id
   * @param {string} text
   * @param {EntryAnswer} answer
   */
  #settle(id, text, answer) {
    const newest = this.#texts.get(id);
    if (newest === undefined && !answer.ok) this.#onFailure(answer.error);
    if (newest !== text) return;
    this.#texts.delete(id);
    for (const resolve of this.#askers.get(id) ?? []) resolve(answer);
    this.#askers.delete(id);
    this.#tell(answer.ok ? answer.entry : null);
  }

  /** @param {Entry | null} [detail] */
  #tell(detail = null) {
    this.dispatchEvent(new CustomEvent("change", { detail }));
  }
}
