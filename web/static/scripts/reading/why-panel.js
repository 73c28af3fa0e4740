import { find } from "../common/find.js";
import { localStore } from "../common/storage.js";
import { paintHeat, paintSeen, strongestOf } from "./heat-map.js";
import { rivalOf } from "./words.js";

/**
 * @import { Connection } from "../common/connection.js"
 * @import { Explanation } from "../common/contract.js"
 * @import { Subject } from "./reading-view.js"
 */

const NAME = "why";
const PAUSE_MS = 150;
const WIDE = "(width >= 820px)";
const NO_DIGIT = 10;

/** The explanation of a digit: the network's input, and the evidence for the answer and a rival. */
export class WhyPanel {
  #connection;
  #toggle = find("#why-toggle", HTMLButtonElement);
  #panel = find("#why", HTMLElement);
  #seen = find("#why-seen", HTMLCanvasElement);
  #answer = find("#why-answer", HTMLElement);
  #rival = find("#why-rival", HTMLElement);
  /** The reading to explain, and the position of the digit; null: the least sure one.
   * @type {[Subject, number | null] | null} */
  #question = null;
  #asking = false;
  /** @type {Explanation | null} */ #explanation = null;
  /** The chosen rival, if any. @type {number | null} */ #chosen = null;

  /** @param {Connection} connection */
  constructor(connection) {
    this.#connection = connection;
    this.#toggle.addEventListener("click", () => this.toggle());
    this.#open(localStore.get(NAME, matchMedia(WIDE).matches));
  }

  /**
   * @param {Subject | null} subject  null: there is nothing to explain
   * @param {number | null} position  of the digit; null: the least sure one
   */
  show(subject, position) {
    this.#question = subject && [subject, position];
    if (subject) this.#ask();
    else this.#clear();
  }

  /** Show the evidence for this digit beside the answer. @param {number} digit */
  compareWith(digit) {
    this.#chosen = digit;
    this.#open(true);
    this.#render();
  }

  toggle() {
    const isOpen = !this.#panel.hidden;
    this.#open(!isOpen);
    localStore.set(NAME, !isOpen);
  }

  /** @param {boolean} isOpen */
  #open(isOpen) {
    this.#panel.hidden = !isOpen;
    this.#toggle.ariaExpanded = String(isOpen);
    this.#ask();
  }

  #clear() {
    this.#explanation = null;
    this.#chosen = null;
    this.#panel.classList.add("empty");
  }

  /** Ask one question at a time; of those that wait, only the newest. */
  async #ask() {
    if (this.#asking) return;
    this.#asking = true;
    let asked = null;
    while (this.#question && this.#question !== asked && !this.#panel.hidden) {
      asked = this.#question;
      await this.#answerTo(...asked);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    this.#asking = false;
  }

  /**
   * @param {Subject} subject
   * @param {number | null} position
   */
  async #answerTo({ image, strokes, reading }, position) {
    const payload = {
      image,
      ...(strokes && { strokes }),
      ...(position !== null && { position }),
    };
    const answer = await this.#connection.ask("explain", payload).catch(() => null);
    if (!answer?.ok || answer.explanation.reading.text !== reading.text || !this.#question) return;
    this.#explanation = answer.explanation;
    this.#render();
  }

  #render() {
    if (!this.#explanation) return;
    const { reading, position, seen, evidence } = this.#explanation;
    const digit = reading.digits[position];
    if (!digit) return;
    const strongest = strongestOf(evidence);
    const tell = (/** @type {HTMLElement} */ tile, /** @type {number} */ label, words = "") => {
      find("figcaption", HTMLElement, tile).textContent = words;
      paintHeat(find("canvas", HTMLCanvasElement, tile), seen, evidence[label] ?? [], strongest);
    };
    const rival = this.#chosen === digit.digit ? null : this.#chosen;
    paintSeen(this.#seen, seen);
    tell(this.#answer, digit.digit ?? NO_DIGIT, `Why ${digit.digit ?? "no digit"}`);
    tell(this.#rival, rival ?? rivalOf(digit), `Why not ${rival ?? rivalOf(digit)}?`);
    this.#panel.classList.remove("empty");
  }
}
