import { find } from "../common/find.js";
import { imageUrl } from "../common/image-url.js";
import { THRESHOLD } from "../common/settings.js";
import { textOf } from "../history/entries.js";
import { DigitBoxes } from "../reading/digit-boxes.js";
import { ShownText } from "../reading/shown-text.js";
import { inOneLine, placeInText } from "../reading/words.js";
import { ReviewField } from "./review-field.js";
import { reasonOf, textsOf } from "./reviews.js";

/**
 * @import { Entry, Review } from "../common/contract.js"
 *
 * @typedef {object} Actions
 * @property {(text: string) => void} decide
 * @property {() => void} skip
 * @property {() => void} undo
 */

/** One entry, large: its picture with boxes over its digits, and the field for what it says. */
export class ReviewDesk {
  #form = find("#review", HTMLFormElement);
  #frame = find("#review .frame", HTMLElement);
  #why = find("#review .why", HTMLElement);
  #suggestions = find("#review .suggestions", HTMLElement);
  #decide = find("#review .decide span", HTMLElement);
  #field;
  #boxes;
  /** Pictures of the next entries, by their address. @type {Map<string, HTMLImageElement>} */
  #pictures = new Map();
  /** @type {Review | null} */ #review = null;
  /** @type {string[]} */ #texts = [];

  /**
   * @param {Actions} actions
   * @param {AbortSignal} signal
   */
  constructor(actions, signal) {
    const listener = {
      onEdit: () => this.#edit(),
      onText: actions.decide,
      onStep: (/** @type {1 | -1} */ by) => this.#step(by),
      onSkip: actions.skip,
      onUndo: actions.undo,
    };
    this.#field = new ReviewField(this.#form, listener, signal);
    this.#boxes = new DigitBoxes(find("#review .boxes", HTMLElement), {
      onPoint: () => {},
      onChoose: (position) => this.#choose(position),
    });
    find("#review .skip", HTMLButtonElement).addEventListener("click", actions.skip);
    for (const button of document.querySelectorAll(".undo-review")) {
      button.addEventListener("click", actions.undo);
    }
    new ResizeObserver(() => this.#place()).observe(this.#frame);
  }

  /** Load the pictures of entries, the first of which is shown. @param {Review[]} reviews */
  prepare(reviews) {
    const wanted = reviews.map(({ entry }) => entry);
    const pictures = wanted.map((entry) => /** @type {const} */ ([imageUrl(entry), entry]));
    this.#pictures = new Map(
      pictures.map(([url, entry]) => [url, this.#pictures.get(url) ?? load(url, entry)]),
    );
  }

  /** Show an entry, or none. @param {Review | null} review */
  show(review) {
    const isOther = review?.entry.id !== this.#review?.entry.id;
    this.#review = review;
    this.#form.hidden = !review;
    if (!review) return;
    this.#texts = textsOf(review);
    this.#why.textContent = reasonOf(review);
    this.#form.classList.toggle("uncertain", review.entry.uncertain || review.entry.disputed);
    if (isOther) this.#begin(review.entry);
  }

  /** @param {Entry} entry */
  #begin(entry) {
    const [width, height] = entry.reading.size;
    this.#form.style.setProperty("--aspect", String(width / height));
    const url = imageUrl(entry);
    const picture = this.#pictures.get(url) ?? load(url, entry);
    this.#form.dataset.entryId = entry.id;
    this.#frame.querySelector("img")?.remove();
    this.#frame.prepend(picture);
    this.#boxes.clear();
    this.#field.begin(textOf(entry));
    this.#place();
  }

  #place() {
    if (!this.#review) return;
    const { reading } = this.#review.entry;
    const [width, height] = reading.size;
    this.#boxes.show(reading, { left: 0, top: 0, width: width / height, height: 1 });
    this.#edit();
  }

  /** Show what the field says. */
  #edit() {
    if (!this.#review) return;
    const { reading } = this.#review.entry;
    const { text } = this.#field;
    const corrected = text === reading.text ? null : text;
    this.#boxes.showText(new ShownText(reading, corrected, THRESHOLD), null);
    this.#decide.textContent = text === textOf(this.#review.entry) ? "Right" : "Correct";
    const others = this.#texts.filter((each) => each !== text);
    this.#suggestions.replaceChildren(...others.map((each) => this.#suggestion(each)));
  }

  /** @param {string} text */
  #suggestion(text) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "tool";
    button.textContent = inOneLine(text);
    button.addEventListener("click", () => this.#field.replace(text));
    return button;
  }

  /** Show the next of the texts that the entry may say. @param {1 | -1} by */
  #step(by) {
    const { length } = this.#texts;
    const at = this.#texts.indexOf(this.#field.text);
    this.#field.replace(this.#texts[(at + by + length) % length] ?? "");
  }

  /** Let the next key replace a digit. @param {number} position  of the reading */
  #choose(position) {
    if (!this.#review) return;
    const { reading } = this.#review.entry;
    const { text } = this.#field;
    const place = new ShownText(reading, text, THRESHOLD).placeOf(position);
    this.#field.choose(placeInText(text, place));
  }
}

/**
 * @param {string} url
 * @param {Entry} entry
 */
function load(url, { predicted }) {
  const picture = new Image();
  picture.src = url;
  picture.alt = `Picture read as ${inOneLine(predicted)}`;
  picture.decode().catch(() => {}); // so that it can be seen at once
  return picture;
}
