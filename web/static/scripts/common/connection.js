import { CONTRACT, OWNER } from "./settings.js";
import { leaveSession } from "./signed-out.js";
import { openSocket } from "./socket.js";

/**
 * @import { Auth, ClientEvents, DigitsSocket } from "./contract.js"
 */

/**
 * A request of the contract: an event that the server acknowledges.
 * @typedef {Exclude<keyof ClientEvents, "frame">} Request
 */

/**
 * @template {Request} R
 * @typedef {Parameters<Parameters<ClientEvents[R]>[1]>[0]} Answer
 */

const ANSWER_TIMEOUT_MS = 20_000;
const RETRY_MS = 1_000;
const LEAVE_MS = 500; // a sign-out on this page leaves it before that

/** The socket, and requests that survive a broken connection. */
export class Connection {
  /** @type {(() => void)[]} */ #lastActs = [];

  /** @param {DigitsSocket} socket */
  constructor(socket) {
    this.socket = socket;
    socket.on("disconnect", (reason) => this.#leaveIfEnded(reason));
    socket.on("connect_error", () => this.#reconnect());
  }

  /** Connect to the page's own server. */
  static open() {
    /** @type {Auth} */ const auth = { contract: CONTRACT, owner: OWNER || null };
    return new Connection(openSocket({ auth }));
  }

  /** Do something before the page is left. @param {() => void} act */
  onLeave(act) {
    this.#lastActs.push(act);
  }

  /** Close the connection: a page that waits in the back/forward cache may have none. */
  leave() {
    for (const act of this.#lastActs) act();
    this.socket.disconnect();
  }

  /** Connect again. */
  resume() {
    this.socket.connect();
  }

  /**
   * Do something on each connection, and now if there is one.
   * @param {() => void} act
   */
  onConnect(act) {
    this.socket.on("connect", act);
    if (this.socket.connected) queueMicrotask(act);
  }

  /**
   * Send a request once. Rejects if no answer comes.
   * @template {Request} R
   * @param {R} event
   * @param {Parameters<ClientEvents[R]>[0]} payload
   * @param {number} timeout_ms
   * @returns {Promise<Answer<R>>}
   */
  async ask(event, payload, timeout_ms = ANSWER_TIMEOUT_MS) {
    // TypeScript cannot infer the types of an event whose name is a parameter.
    const socket = /** @type {import("socket.io-client").Socket} */ (this.socket);
    const answer = await socket.timeout(timeout_ms).emitWithAck(event, payload);
    if (answer.error?.code === "sign_in_required") leaveSession();
    return answer;
  }

  /**
   * Send a request until the server answers. Repeated, it changes nothing more.
   * @template {Request} R
   * @param {R} event
   * @param {Parameters<ClientEvents[R]>[0]} payload
   * @param {number} [timeout_ms]
   * @returns {Promise<Answer<R>>}
   */
  async request(event, payload, timeout_ms) {
    for (;;) {
      await this.connected();
      try {
        return await this.ask(event, payload, timeout_ms);
      } catch {
        // The connection broke: ask again on the next one.
      }
    }
  }

  /** Resolve when there is a connection. @returns {Promise<void>} */
  connected() {
    if (this.socket.connected) return Promise.resolve();
    return new Promise((resolve) => this.socket.once("connect", resolve));
  }

  /**
   * Leave the page when the server has ended the connection: the session has ended.
   * @param {string} reason
   */
  #leaveIfEnded(reason) {
    if (reason === "io server disconnect") setTimeout(leaveSession, LEAVE_MS);
    else if (reason !== "io client disconnect") this.#reconnect();
  }

  /** Connect again after the server refused the connection: Socket.IO does not do that. */
  #reconnect() {
    if (!this.socket.active) setTimeout(() => this.socket.connect(), RETRY_MS);
  }
}
