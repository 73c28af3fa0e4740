import { find } from "./find.js";

/**
 * @import { DigitsSocket } from "./contract.js"
 */

/** Says whether the server is there, and how long the last round trip took. */
export class ConnectionBadge {
  #badge = find("#connection", HTMLElement);
  #state = find("#connection-state", HTMLElement);
  #roundTrip = find("#round-trip", HTMLElement);

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
    if (state === "connecting") this.#roundTrip.textContent = "";
  }
}
