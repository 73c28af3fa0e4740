import { find } from "./find.js";

/**
 * @import { DigitsSocket } from "./contract.js"
 */

/** A connection that comes back sooner is not worth a sentence. */
const PATIENCE_MS = 1_000;

/** Says whether the server is there, and how long the last round trip took. */
export class ConnectionBadge {
  #badge = find("#connection", HTMLElement);
  #state = find("#connection-state", HTMLElement);
  #roundTrip = find("#round-trip", HTMLElement);
  #sentence = find("#offline", HTMLElement);
  #timer = 0;

  /** @param {DigitsSocket} socket */
  constructor(socket) {
    socket.on("connect", () => this.#show("connected", "Connected"));
    socket.on("disconnect", () => this.#show("connecting", "Reconnecting…"));
    socket.on("connect_error", () => this.#show("connecting", "Reconnecting…"));
  }

  /** @param {number} roundTrip_ms */
  showRoundTrip(roundTrip_ms) {
    this.#roundTrip.textContent = `${Math.round(roundTrip_ms)} ms`;
  }

  /**
   * @param {"connected" | "connecting"} state
   * @param {string} words
   */
  #show(state, words) {
    this.#badge.dataset.state = state;
    if (this.#state.textContent !== words) this.#state.textContent = words;
    if (state === "connected") return this.#settle();
    this.#roundTrip.textContent = "";
    this.#timer ||= setTimeout(() => {
      this.#sentence.hidden = false;
    }, PATIENCE_MS);
  }

  #settle() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#sentence.hidden = true;
  }
}
