import { io } from "socket.io-client";

/**
 * @import { ClientEvents, DigitsSocket } from "./contract.js"
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
const LEAVING_MS = 500;

/** The socket, and requests that outlive a broken connection. */
export class Connection {
  /** @param {DigitsSocket} socket */
  constructor(socket) {
    this.socket = socket;
    socket.on("disconnect", (reason) => this.#leave(reason));
    socket.on("connect_error", () => this.#reconnect());
  }

  /** Connects to the server this page came from. */
  static open() {
    const options = {
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      reconnectionDelay: 250,
      reconnectionDelayMax: 2_000,
    };
    return new Connection(io(options));
  }

  /** Bytes that are still to leave this machine; 0 where the browser does not tell. */
  get waitingBytes() {
    const transport = /** @type {{ws?: WebSocket} | undefined} */ (
      this.socket.io.engine?.transport
    );
    return transport?.ws?.bufferedAmount ?? 0;
  }

  /**
   * Sends a request once. Rejects when no answer comes.
   * @template {Request} R
   * @param {R} event
   * @param {Parameters<ClientEvents[R]>[0]} payload
   * @param {number} timeout_ms
   * @returns {Promise<Answer<R>>}
   */
  ask(event, payload, timeout_ms = ANSWER_TIMEOUT_MS) {
    // TypeScript cannot follow an event name that is itself a parameter.
    const socket = /** @type {import("socket.io-client").Socket} */ (this.socket);
    return socket.timeout(timeout_ms).emitWithAck(event, payload);
  }

  /**
   * Sends a request until the server answers it. Every request of the contract may be repeated.
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
        // No answer came: the connection broke. Ask again on the next one.
      }
    }
  }

  /** @returns {Promise<void>} */
  #connected() {
    if (this.socket.connected) return Promise.resolve();
    return new Promise((resolve) => this.socket.once("connect", resolve));
  }

  /**
   * The server ends the connection of those who have been signed out: here, and then the page is
   * about to be left, or elsewhere.
   * @param {string} reason
   */
  #leave(reason) {
    if (reason === "io server disconnect") setTimeout(() => location.reload(), LEAVING_MS);
    else this.#reconnect();
  }

  /** Socket.IO reconnects by itself, except after the server refused the connection. */
  #reconnect() {
    if (!this.socket.active) setTimeout(() => this.socket.connect(), RETRY_MS);
  }
}
