import { exclusively } from "../common/exclusively.js";
import { isFinal, passes } from "../common/failures.js";
import { RecordStore } from "../common/record-store.js";
import { OWNER } from "../common/settings.js";
import { TabChannel } from "../common/tab-channel.js";
import { inkPicture } from "./ink-picture.js";

/**
 * @import { Connection } from "../common/connection.js"
 * @import { Entry, Problem, Save } from "../common/contract.js"
 * @import { InkPicture } from "./ink-picture.js"
 * @import { Sketch } from "./timeline.js"
 *
 * How a drawing is kept, and what it was last read as.
 * @typedef {{digits_only: boolean, list: string | null, text: string}} Terms
 *
 * A drawing that the server has not acknowledged.
 * @typedef {Sketch & Terms & {
 *   owner: string,
 *   stamp: number,
 *   due_ms: number,
 * }} Waiting  `owner` is the account that wrote it, or "": no other may send it. `stamp` grows with
 *   each change; nobody sends it before `due_ms`
 *
 * @typedef {object} Listener
 * @property {(waiting: Waiting, entry: Entry) => void} onSaved
 * @property {(waiting: Waiting, failure: Problem) => void} onFailure
 * @property {(waiting: Waiting[]) => void} onWaiting  what still waits to be sent, in its order
 */

const RETRY_MS = 3_000;
/** A drawing that its page has neither changed nor saved for so long is sent by any page. */
const HOLD_MS = 5_000;

/**
 * Drawings to be saved, in order. Each outlives the page, the browser and the connection, until the
 * server has acknowledged it. The pages of one browser share them, and one page sends at a time.
 */
export class Outbox {
  #connection;
  #listener;
  /** @type {RecordStore<Waiting>} */ #store = new RecordStore("drawings");
  /** Stamps of drawings that the server has refused: a later page tries again. */
  #refused = new Set();
  #lastStamp = 0;
  #timer = 0;
  #turn = Promise.resolve();
  /** Tells the other pages of this browser of each change. */
  #channel = new TabChannel("outbox", () => this.#sendSoon());
  /** The newest drawing and its picture, to be sent at once. @type {[Sketch, InkPicture] | null} */
  #ready = null;

  /**
   * @param {Connection} connection
   * @param {Listener} listener
   */
  constructor(connection, listener) {
    this.#connection = connection;
    this.#listener = listener;
    connection.socket.on("connect", () => this.#sendSoon());
    this.#sendSoon();
  }

  /**
   * Keep a drawing that is still being made.
   * @param {Sketch} sketch
   * @param {Terms} terms
   */
  async hold(sketch, terms) {
    await this.#put(sketch, terms, Date.now() + HOLD_MS);
    const picture = await inkPicture(sketch.strokes);
    if (picture) this.#ready = [sketch, picture];
  }

  /**
   * Save a drawing. It takes the place of an earlier one with the same id that still waits.
   * @param {Sketch} sketch
   * @param {Terms} terms
   */
  async put(sketch, terms) {
    await this.#put(sketch, terms, 0);
    this.#sendSoon();
  }

  /**
   * Save a drawing while the page is being closed: nobody waits for the answer. What does not
   * arrive is sent by the next page.
   * @param {Sketch} sketch
   * @param {Terms} terms
   */
  putLast(sketch, terms) {
    this.#put(sketch, terms, 0);
    const [prepared, picture] = this.#ready ?? [];
    if (!picture || prepared !== sketch || !this.#connection.socket.connected) return;
    this.#connection.socket.emit("save", payload(sketch, terms, picture), () => {});
  }

  /** Forget a drawing that was undone before it was saved. @param {string} drawing */
  async forget(drawing) {
    await this.#store.deleteIf(drawing, ({ due_ms }) => due_ms > Date.now());
  }

  /** Return whether a drawing waits to be saved. @param {string} drawing */
  async holds(drawing) {
    return (await this.#store.all()).some((waiting) => waiting.drawing === drawing);
  }

  /**
   * @param {Sketch} sketch
   * @param {Terms} terms
   * @param {number} due_ms
   */
  async #put({ drawing, height, strokes }, terms, due_ms) {
    this.#lastStamp = Math.max(Date.now(), this.#lastStamp + 1);
    const stamp = this.#lastStamp;
    const waiting = { drawing, height, strokes, ...terms, owner: OWNER, stamp, due_ms };
    await this.#store.put(waiting);
    this.#channel.post(null);
  }

  #sendSoon() {
    this.#tell();
    const sendAll = () => exclusively(`outbox/${OWNER}`, () => this.#sendAll());
    this.#turn = this.#turn.then(sendAll, sendAll);
  }

  async #sendAll() {
    clearTimeout(this.#timer);
    for (let next = await this.#next(); next; next = await this.#next()) {
      if (!this.#connection.socket.connected) return;
      if (!(await this.#send(next))) return this.#sendIn(RETRY_MS);
      await this.#tell();
    }
    const [held] = await this.#own((due_ms) => due_ms > Date.now());
    this.#sendIn(held ? held.due_ms - Date.now() : HOLD_MS); // a closed page may have told nobody
  }

  async #next() {
    return (await this.#due()).find(({ stamp }) => !this.#refused.has(stamp));
  }

  /** Return what is complete, in order. */
  #due() {
    return this.#own((due_ms) => due_ms <= Date.now());
  }

  /**
   * @param {(due_ms: number) => boolean} isWanted
   * @returns {Promise<Waiting[]>}  in order
   */
  async #own(isWanted) {
    const waiting = await this.#store.all();
    return waiting
      .filter(({ owner, due_ms }) => owner === OWNER && isWanted(due_ms))
      .sort((one, other) => one.stamp - other.stamp);
  }

  /**
   * @param {Waiting} waiting
   * @returns {Promise<boolean>} whether the next one can be sent
   */
  async #send(waiting) {
    const picture = await inkPicture(waiting.strokes);
    if (!picture) return this.#settle(waiting);
    const save = payload(waiting, waiting, picture);
    const answer = await this.#connection.ask("save", save).catch(() => null);
    if (!answer) return false; // the connection broke
    if (answer.ok) {
      await this.#settle(waiting);
      this.#listener.onSaved(waiting, answer.entry);
      return true;
    }
    this.#listener.onFailure(waiting, answer.error);
    if (isFinal(answer.error.code)) return this.#settle(waiting);
    if (passes(answer.error.code)) return false; // another drawing would fail too
    this.#refused.add(waiting.stamp);
    return true;
  }

  /** @param {Waiting} waiting */
  async #settle({ drawing, stamp }) {
    await this.#store.deleteIf(drawing, (stored) => stored.stamp === stamp);
    this.#channel.post(null);
    return true;
  }

  /** @param {number} wait_ms */
  #sendIn(wait_ms) {
    this.#timer = setTimeout(() => this.#sendSoon(), wait_ms);
  }

  async #tell() {
    this.#listener.onWaiting(await this.#due());
  }
}

/**
 * @param {Sketch} sketch
 * @param {Terms} terms
 * @param {InkPicture} picture
 * @returns {Save}
 */
function payload({ drawing }, { digits_only, list }, { image, strokes }) {
  return { drawing, image, strokes, digits_only, ...(list && { list }) };
}
