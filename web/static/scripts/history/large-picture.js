import { find } from "../common/find.js";
import { imageUrl } from "../common/image-url.js";
import { THRESHOLD } from "../common/settings.js";
import { DigitBoxes } from "../reading/digit-boxes.js";
import { foundAgain } from "../reading/found-again.js";
import { ProbabilityBars } from "../reading/probability-bars.js";
import { ShownText } from "../reading/shown-text.js";
import { WhyPanel } from "../reading/why-panel.js";
import { inOneLine, percent } from "../reading/words.js";

/**
 * @import { Connection } from "../common/connection.js"
 * @import { Entry } from "../common/contract.js"
 * @import { Explained } from "../reading/why-panel.js"
 */

const SIGNS = /[-.,/:+%]/;

/** The picture of an entry with boxes over its digits, and what is known of one of them. */
export class LargePicture {
  #dialog = find("#large", HTMLElement);
  #frame = find("#large .frame", HTMLElement);
  #image = find("#large img", HTMLImageElement);
  #digit = find("#large .digit-facts", HTMLElement);
  #caption = find("#large .caption", HTMLElement);
  #boxes;
  #bars;
  #why;
  /** @type {Entry | null} */ #entry = null;
  /** @type {ShownText | null} */ #shown = null;
  /** Null until the picture has come. @type {Explained | null} */ #subject = null;
  /** The digit that was tapped. @type {number | null} */ #chosen = null;
  /** The digit under the mouse or with the focus. @type {number | null} */ #pointed = null;

  /**
   * @param {Connection} connection
   * @param {() => void} onUnexplained
   */
  constructor(connection, onUnexplained) {
    this.#boxes = new DigitBoxes(find("#large .boxes", HTMLElement), {
      onPoint: (position) => this.#point(position),
      onChoose: (position) => this.#choose(position),
    });
    const options = { name: "why-large", isOpen: true, find: foundAgain, onUnexplained };
    this.#why = new WhyPanel(connection, options);
    this.#bars = new ProbabilityBars(find("#large #bars", HTMLElement), (digit) =>
      this.#why.compareWith(digit),
    );
    new ResizeObserver(() => this.#place()).observe(this.#frame);
  }

  /** @param {Entry} entry */
  show(entry) {
    const isOther =
      entry.id !== this.#entry?.id || entry.image_version !== this.#entry.image_version;
    this.#entry = entry;
    if (isOther) this.#begin(entry);
    this.#place();
  }

  /** @param {Entry} entry */
  #begin(entry) {
    const [width, height] = entry.reading.size;
    this.#chosen = null;
    this.#pointed = null;
    this.#image.src = imageUrl(entry);
    this.#image.alt = `Picture read as ${inOneLine(entry.predicted)}`;
    this.#dialog.style.setProperty("--aspect", String(width / height));
    this.#boxes.clear();
    this.#bars.reset();
    this.#subject = null;
    this.#load(entry);
  }

  /** Load the picture to explain its digits. @param {Entry} entry */
  async #load({ id, reading, ...entry }) {
    const image = await bytesOf(imageUrl(entry));
    if (!image || id !== this.#entry?.id) return;
    const digits_only = !SIGNS.test(reading.text); // it may have been read so
    this.#subject = { image, reading, digits_only };
    this.#look();
  }

  #place() {
    if (!this.#entry) return;
    const { reading, corrected } = this.#entry;
    const [width, height] = reading.size;
    this.#boxes.show(reading, { left: 0, top: 0, width: width / height, height: 1 });
    this.#shown = new ShownText(reading, corrected, THRESHOLD);
    this.#boxes.showText(this.#shown, this.#chosen);
    this.#look();
  }

  /** @param {number} position */
  #choose(position) {
    this.#chosen = position;
    this.#place();
    this.#digit.scrollIntoView({ block: "nearest" });
  }

  /** @param {number | null} position */
  #point(position) {
    this.#pointed = position;
    this.#look();
  }

  /** Show the digit that is pointed at, or was tapped, or is the least sure one. */
  #look() {
    const digits = this.#shown?.reading.digits ?? [];
    const position = this.#pointed ?? this.#chosen ?? Math.max(0, this.#shown?.leastSure ?? 0);
    const digit = digits[position] ?? null;
    const isChanged = Boolean(this.#shown?.isChanged(position));
    const certainty = isChanged ? "corrected" : percent(digit?.confidence ?? 0);
    this.#digit.hidden = !digit;
    this.#bars.show(isChanged ? null : digit);
    this.#caption.textContent = digit
      ? `${digit.sign ? "Sign" : "Digit"} ${position + 1} of ${digits.length} · ${certainty}`
      : "";
    this.#why.show(digit && this.#subject, position);
  }
}

/**
 * @param {string} url
 * @returns {Promise<Uint8Array<ArrayBuffer> | null>} null: it cannot be loaded
 */
async function bytesOf(url) {
  try {
    const response = await fetch(url);
    return response.ok ? new Uint8Array(await response.arrayBuffer()) : null;
  } catch {
    return null;
  }
}
