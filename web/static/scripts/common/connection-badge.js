import { find } from "./find.js";

/**
 * @import { DigitsSocket } from "./contract.js"
 */

/** A shorter break of the connection is not reported. */
const REPORT_AFTER_MS = 1_000;

/** The state of the connection and the last round trip; after a while, a line that it is lost. */
export class ConnectionBadge {
  #badge = find("#connection", HTMLElement);
  #state = find("#connection-state", HTMLElement);
  #roundTrip = find("#round-trip", HTMLElement);
  #waiting = find("#waiting", HTMLElement);
  #line = find("#offline", HTMLElement);
  #untilPenUp;
  #isLost = false;
  #timer = 0;

  /**
   * @param {DigitsSocket} socket
   * @param {() => Promise<void>} untilPenUp  resolves when nobody is drawing
   */
  constructor(socket, untilPenUp) {
    this.#untilPenUp = untilPenUp;
    socket.on("connect", () => this.#show("connected", "Connected"));
    socket.on("disconnect", () => this.#show("connecting", "Reconnecting…"));
    socket.on("connect_error", () => this.#show("connecting", "Reconnecting…"));
  }

  /** @param {number} roundTrip_ms */
  showRoundTrip(roundTrip_ms) {
    this.#roundTrip.textContent = `${Math.round(roundTrip_ms)} ms`;
  }

  /** @param {number} count  of drawings and photos that are not saved yet */
  showWaiting(count) {
    const unit = document.createElement("span");
    unit.textContent = " waiting";
    this.#waiting.replaceChildren(...(count ? [String(count), unit] : []));
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
    this.#timer ||= setTimeout(() => this.#report(true), REPORT_AFTER_MS);
  }

  #settle() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#report(false);
  }

  /** @param {boolean} isLost */
  async #report(isLost) {
    this.#isLost = isLost;
    await this.#untilPenUp(); // the line moves the paper
    this.#line.hidden = !this.#isLost;
  }
}
