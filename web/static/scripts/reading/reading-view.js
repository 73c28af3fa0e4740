import { ReadingPanel } from "./reading-panel.js";
import { WhyPanel } from "./why-panel.js";

/**
 * @import { Connection } from "../common/connection.js"
 * @import { Picture, Reading } from "../common/contract.js"
 *
 * A reading, its picture and, of a drawing, its strokes.
 * @typedef {{reading: Reading, image: Picture, strokes?: number[][]}} Subject
 */

/** A reading and its explanation, for the whole or for the digit that is pointed at. */
export class ReadingView {
  #panel;
  #why;
  /** @type {Subject | null} */ #subject = null;
  /** @type {number | null} */ #position = null;

  /**
   * @param {Connection} connection
   * @param {(text: string) => void} onAlternative  another text of the reading was chosen
   */
  constructor(connection, onAlternative) {
    this.#why = new WhyPanel(connection);
    this.#panel = new ReadingPanel((digit) => this.#why.compareWith(digit), onAlternative);
  }

  /** @param {Subject | null} subject */
  show(subject) {
    this.#subject = subject;
    this.#panel.show(subject?.reading ?? null);
    this.#explain();
  }

  /** @param {number | null} position  of a digit; null: none in particular */
  point(position) {
    this.#position = position;
    this.#panel.point(position);
    this.#explain();
  }

  announce() {
    this.#panel.announce();
  }

  toggleWhy() {
    this.#why.toggle();
  }

  #explain() {
    const isSomething = (this.#subject?.reading.digits.length ?? 0) > 0;
    this.#why.show(isSomething ? this.#subject : null, this.#position);
  }
}
