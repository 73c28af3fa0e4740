/**
 * @import { Digit } from "./contract.js"
 */

/** Ten bars, one a digit, that move as the probabilities do. */
export class ProbabilityBars {
  /** @type {HTMLElement[]} */ #bars;

  /** @param {HTMLElement} element  with ten children, one a bar */
  constructor(element) {
    this.#bars = /** @type {HTMLElement[]} */ ([...element.children]);
  }

  /** @param {Digit | null} digit */
  show(digit) {
    this.#bars.forEach((bar, value) => {
      bar.style.setProperty("--probability", String(digit?.probabilities[value] ?? 0));
      bar.classList.toggle("chosen", digit?.digit === value);
    });
  }
}
