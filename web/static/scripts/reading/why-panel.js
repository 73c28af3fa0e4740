import { find } from "../common/find.js";
import { localStore } from "../common/storage.js";
import { paintHeat, paintSeen, strongestOf } from "./heat-map.js";
import { rivalOf } from "./words.js";

/**
 * @import { Connection } from "../common/connection.js"
 * @import { Explanation, Reading } from "../common/contract.js"
 * @import { Subject } from "./reading-view.js"
 *
 * @typedef {Pick<Subject, "image" | "strokes" | "size" | "digits_only" | "reading">} Explained
 *
 * @typedef {object} Options
 * @property {string} name  under which the browser remembers whether the panel is open
 * @property {boolean} isOpen  at first
 * @property {(reading: Reading, position: number, other: Reading) => number | null} find  a digit of
 *   a reading in another one of the picture
 * @property {() => void} onUnexplained  it is not found there
 */

const PAUSE_MS = 100; // without another question: while the pen moves, none is asked
const WIDE = "(width >= 820px)";
const NO_DIGIT = 10;
const BY_DEFAULT = { name: "why", find: () => null, onUnexplained: () => {} };

/** The explanation of a digit: the network's input, and the evidence for the answer and a rival. */
export class WhyPanel {
  #connection;
  #options;
  #toggle = find("#why-toggle", HTMLButtonElement);
  #panel = find("#why", HTMLElement);
  #seen = find("#why-seen", HTMLCanvasElement);
  #answer = find("#why-answer", HTMLElement);
  #rival = find("#why-rival", HTMLElement);
  /** The reading to explain, and the position of the digit; null: the least sure one.
   * @type {[Explained, number | null] | null} */
  #question = null;
  #timer = 0;
  #isAsking = false;
  /** @type {Explanation | null} */ #explanation = null;
  /** The chosen rival, if any. @type {number | null} */ #chosen = null;

  /**
   * @param {Connection} connection
   * @param {Partial<Options>} options
   */
  constructor(connection, options = {}) {
    this.#connection = connection;
    this.#options = { ...BY_DEFAULT, isOpen: matchMedia(WIDE).matches, ...options };
    this.#toggle.addEventListener("click", () => this.toggle());
    this.#open(localStore.get(this.#options.name, this.#options.isOpen));
  }

  get isOpen() {
    return !this.#panel.hidden;
  }

  /**
   * @param {Explained | null} subject  null: there is nothing to explain
   * @param {number | null} position  of the digit; null: the least sure one
   */
  show(subject, position) {
    const [asked, place] = this.#question ?? [null, null];
    if (subject && subject === asked && position === place) return;
    this.#question = subject && [subject, position];
    if (subject) this.#askSoon();
    else this.#clear();
  }

  /** Show the evidence for this digit beside the answer. @param {number} digit */
  compareWith(digit) {
    this.#chosen = digit;
    this.#open(true);
    this.#render();
  }

  toggle() {
    const { isOpen } = this;
    this.#open(!isOpen);
    localStore.set(this.#options.name, !isOpen);
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
    for (const canvas of this.#panel.querySelectorAll("canvas")) {
      canvas.getContext("2d")?.clearRect(0, 0, canvas.width, canvas.height);
    }
    find("figcaption", HTMLElement, this.#answer).textContent = "Why this";
    find("figcaption", HTMLElement, this.#rival).textContent = "Why not another";
  }

  #askSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), PAUSE_MS);
  }

  /** Ask one question at a time; of those that wait, only the newest. */
  async #ask() {
    const asked = this.#question;
    if (this.#isAsking || !asked || this.#panel.hidden) return;
    this.#isAsking = true;
    await this.#answerTo(...asked);
    this.#isAsking = false;
    if (this.#question !== asked) this.#askSoon();
  }

  /**
   * @param {Explained} subject
   * @param {number | null} position
   */
  async #answerTo(subject, position) {
    const explanation = await this.#explain(subject, position);
    if (!explanation || !this.#question) return;
    const place = this.#placeIn(explanation, subject, position);
    if (place === explanation.position) this.#show(explanation);
    else if (place !== null) this.#show(await this.#explain(subject, place));
    else if (subject === this.#question[0]) this.#options.onUnexplained();
  }

  /** @param {Explanation | null} explanation */
  #show(explanation) {
    if (!explanation || !this.#question) return;
    this.#explanation = explanation;
    this.#render();
  }

  /**
   * @param {Explained} subject
   * @param {number | null} position
   * @returns {Promise<Explanation | null>} null: there is none
   */
  async #explain({ image, strokes, size, digits_only }, position) {
    const payload = {
      digits_only,
      ...(image && { image }),
      ...(strokes && { strokes }),
      ...(size && { size }),
      ...(position !== null && { position }),
    };
    const answer = await this.#connection.ask("explain", payload).catch(() => null);
    return answer?.ok ? answer.explanation : null;
  }

  /**
   * Return the position of the digit in question in the reading that is explained.
   * @param {Explanation} explanation
   * @param {Explained} subject
   * @param {number | null} asked
   */
  #placeIn({ reading, position }, subject, asked) {
    if (reading.text === subject.reading.text) return position;
    return asked === null ? null : this.#options.find(subject.reading, asked, reading);
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
