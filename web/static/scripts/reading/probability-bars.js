import { find } from "../common/find.js";
import { nameOf, percent } from "./words.js";

/**
 * @import { Digit } from "../common/contract.js"
 */

/**
 * Ten bars that show the probabilities of the digits, one of which can be chosen, and one for a
 * sign.
 */
export class ProbabilityBars {
  #bars;
  #sign;

  /**
   * @param {HTMLElement} element  contains ten radio buttons, one for each bar
   * @param {(digit: number) => void} onChoose
   */
  constructor(element, onChoose) {
    this.#sign = find(".sign", HTMLElement, element);
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
    this.#showSign(digit);
  }

  /** @param {Digit | null} digit */
  #showSign(digit) {
    this.#sign.hidden = !digit?.sign;
    this.#sign.classList.toggle("answer", Boolean(digit?.sign));
    if (!digit?.sign) return;
    this.#sign.style.setProperty("--probability", String(digit.confidence));
    find(".digit", HTMLElement, this.#sign).textContent = digit.sign;
    const words = `${nameOf(digit)}, ${percent(digit.confidence)}`;
    find(".share", HTMLElement, this.#sign).textContent = words;
  }

  /** Deselect all. */
  reset() {
    for (const { input } of this.#bars) input.checked = false;
  }
}
