import { find } from "../common/find.js";
import { percent } from "./words.js";

/**
 * @import { Digit } from "../common/contract.js"
 */

/** Ten bars that show the probabilities of the digits. One of them can be chosen. */
export class ProbabilityBars {
  #bars;

  /**
   * @param {HTMLElement} element  contains ten radio buttons, one for each bar
   * @param {(digit: number) => void} onChoose
   */
  constructor(element, onChoose) {
    const inputs = [...element.querySelectorAll("input")];
    this.#bars = inputs.map((input) => {
      const bar = /** @type {HTMLElement} */ (input.parentElement);
      return { input, bar, share: find(".share", HTMLElement, bar) };
    });
    element.addEventListener("change", (event) =>
      onChoose(Number(/** @type {HTMLInputElement} */ (event.target).value)),
    );
  }

  /** @param {Digit | null} digit */
  show(digit) {
    this.#bars.forEach(({ bar, share }, value) => {
      const probability = digit?.probabilities[value] ?? 0;
      bar.style.setProperty("--probability", String(probability));
      bar.classList.toggle("answer", digit?.digit === value);
      share.textContent = digit ? percent(probability) : "";
    });
  }

  /** Deselect all. */
  reset() {
    for (const { input } of this.#bars) input.checked = false;
  }
}
