import { io } from "socket.io-client";
import { CONTRACT } from "./settings.js";

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
const LEAVE_MS = 500;

/** The socket, and requests that survive a broken connection. */
export class Connection {
  /** @param {DigitsSocket} socket */
  constructor(socket) {
    this.socket = socket;
    socket.on("disconnect", (reason) => this.#reloadIfEnded(reason));
    socket.on("connect_error", () => this.#reconnect());
  }

  /** Connect to the page's own server. */
  static open() {
    /** @type {Auth} */ const auth = { contract: CONTRACT };
    const options = {
      auth,
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      reconnectionDelay: 250,
      reconnectionDelayMax: 2_000,
    };
    return new Connection(io(options));
  }

  /** Bytes in the send buffer; 0 where the browser does not tell. */
  get waitingBytes() {
    const transport = /** @type {{ws?: WebSocket} | undefined} */ (
      this.socket.io.engine?.transport
    );
    return transport?.ws?.bufferedAmount ?? 0;
  }

  /**
   * Send a request once. Rejects if no answer comes.
   * @template {Request} R
   * @param {R} event
   * @param {Parameters<ClientEvents[R]>[0]} payload
   * @param {number} timeout_ms
   * @returns {Promise<Answer<R>>}
   */
  ask(event, payload, timeout_ms = ANSWER_TIMEOUT_MS) {
    // TypeScript cannot infer the types of an event whose name is a parameter.
    const socket = /** @type {import("socket.io-client").Socket} */ (this.socket);
    return socket.timeout(timeout_ms).emitWithAck(event, payload);
  }

  /**
   * Send a request until the server answers. Every request of the contract is idempotent.
   * @template {Request} R
   * @param {R} event
   * @param {Parameters<ClientEvents[R]>[0]} payload
   * @param {number} [timeout_ms]
   * @returns {Promise<Answer<R>>}
   */
  async request(event, payload, timeout_ms) {
    for (;;) {
      await this.#connected();
      try {
        return await this.ask(event, payload, timeout_ms);
      } catch {
        // The connection broke: ask again on the next one.
      }
    }
  }

  /** @returns {Promise<void>} */
  #connected() {
    if (this.socket.connected) return Promise.resolve();
    return new Promise((resolve) => this.socket.once("connect", resolve));
  }

  /**
   * Reload the page when the server has ended the connection: the session has ended. After a
   * sign-out on this page, the page is left before that.
   * @param {string} reason
   */
  #reloadIfEnded(reason) {
    if (reason === "io server disconnect") setTimeout(() => location.reload(), LEAVE_MS);
    else this.#reconnect();
  }

  /** Connect again after the server refused the connection: Socket.IO does not do that. */
  #reconnect() {
    if (!this.socket.active) setTimeout(() => this.socket.connect(), RETRY_MS);
  }
}
