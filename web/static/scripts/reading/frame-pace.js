const MIN_GAP_MS = 8;
/**
 * Of the smoothed round trip. With half, text comes a fifth sooner from a busy server, where round
 * trips are queues, and a sixth later from a distant idle one.
 */
const GAP_SHARE = 0.5;
/** Of the newest round trip in the smoothed one. */
const NEWEST_SHARE = 0.25;

/** The pace of live frames: the longer the answers take, the longer the gap after them. */
export class FramePace {
  #roundTrip_ms = 0;
  #answeredAt_ms = -Infinity;

  /** Take note of an answer that comes now. @param {number} roundTrip_ms */
  note(roundTrip_ms) {
    this.#roundTrip_ms += NEWEST_SHARE * (roundTrip_ms - this.#roundTrip_ms);
    this.#answeredAt_ms = performance.now();
  }

  /** The time from an answer to the next frame. */
  get gap_ms() {
    return Math.max(MIN_GAP_MS, GAP_SHARE * this.#roundTrip_ms);
  }

  /** The time until the next frame may leave; 0 or less: it may leave now. */
  get pause_ms() {
    return this.#answeredAt_ms + this.gap_ms - performance.now();
  }
}
