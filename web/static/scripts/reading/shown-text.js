import { alignment } from "./alignment.js";
import { linesOf, typedLines } from "./lines.js";
import { isUnknown, leastSure, written } from "./words.js";

/**
 * @import { Digit, Reading } from "../common/contract.js"
 * @import { LineReading } from "./lines.js"
 *
 * @typedef {object} Character
 * @property {string} text
 * @property {number | null} position  of its digit in the reading; null: a person put it in
 * @property {Digit | null} digit
 * @property {boolean} isRead  a person has not changed it
 * @property {boolean} isUnsure
 */

/** The text of a reading as it is shown: as it was read, or as a person corrected it. */
export class ShownText {
  /** Those of the text but white space. @type {Character[]} */ characters;
  /** @type {LineReading[]} */ lines;

  /**
   * @param {Reading} reading
   * @param {string | null} corrected  null: as it was read
   * @param {number} threshold  the confidence below which a line or a digit is uncertain
   */
  constructor(reading, corrected, threshold) {
    const linesRead = reading.text ? linesOf(reading, threshold) : [];
    this.reading = reading;
    this.text = corrected ?? reading.text;
    this.isCorrected = corrected !== null;
    this.lines = corrected === null ? linesRead : typedLines(corrected);
    const unsure = unsurePositions(linesRead, threshold);
    const positions = corrected === null ? null : positionsIn(reading.text, corrected);
    this.characters = [...this.text.replaceAll(/\s/g, "")].map((text, ordinal) => {
      const position = positions ? (positions[ordinal] ?? null) : ordinal;
      const digit = position === null ? null : (reading.digits[position] ?? null);
      const isRead = digit !== null && written(digit) === text;
      const isUnsure = isRead && position !== null && unsure.has(position);
      return { text, position, digit, isRead, isUnsure };
    });
  }

  /** The position of the least sure digit that a person has not changed; -1: there is none. */
  get leastSure() {
    const read = this.characters.filter(({ isRead }) => isRead);
    const digits = read.flatMap(({ digit }) => digit ?? []);
    return read[leastSure(digits)]?.position ?? -1;
  }

  /** Return whether a person has changed or deleted a digit. @param {number} position */
  isChanged(position) {
    return !this.characters[this.placeOf(position)]?.isRead;
  }

  /** Return the place in the text of a digit of the reading; -1: a person deleted it. @param {number} position */
  placeOf(position) {
    return this.characters.findIndex((character) => character.position === position);
  }
}

/**
 * @param {LineReading[]} lines
 * @param {number} threshold
 */
function unsurePositions(lines, threshold) {
  /** @type {Set<number>} */ const unsure = new Set();
  let start = 0;
  for (const { digits, uncertain } of lines) {
    digits.forEach((digit, index) => {
      if (isUnknown(digit) || digit.confidence < threshold) unsure.add(start + index);
    });
    if (uncertain) unsure.add(start + leastSure(digits));
    start += digits.length;
  }
  return unsure;
}

/**
 * Return, for each character of a corrected text but white space, the position of its digit.
 * @param {string} read
 * @param {string} corrected
 */
function positionsIn(read, corrected) {
  const positionAt = [...read].map((_, index) => read.slice(0, index).replaceAll(/\s/g, "").length);
  return alignment(read, corrected)
    .map((index) => (index === null ? null : (positionAt[index] ?? null)))
    .filter((_, index) => /\S/.test(corrected[index] ?? ""));
}
