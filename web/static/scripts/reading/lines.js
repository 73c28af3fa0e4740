import { confidenceInWords, doubt, isNoDigit } from "./words.js";

/**
 * The lines of a reading, each with its own certainty.
 *
 * @import { Reading } from "../common/contract.js"
 *
 * @typedef {Pick<Reading, "text" | "confidence" | "uncertain" | "digits">} LineReading  of one line
 */

/**
 * Return the lines of a reading with their digits.
 * @param {Reading} reading
 * @param {number} threshold  the confidence below which one of several lines is uncertain
 * @returns {LineReading[]}
 */
export function linesOf(reading, threshold) {
  if (reading.lines.length < 2) return [reading];
  let end = 0;
  return reading.lines.map(({ text, confidence }) => {
    const start = end;
    end += text.replaceAll(/\s/g, "").length;
    const digits = reading.digits.slice(start, end);
    return { text, confidence, uncertain: confidence < threshold, digits };
  });
}

/** Return the lines of a text that somebody typed. @param {string} text @returns {LineReading[]} */
export function typedLines(text) {
  return text
    .split("\n")
    .map((line) => ({ text: line, confidence: 1, uncertain: false, digits: [] }));
}

/** @param {LineReading[]} lines */
export function areUncertain(lines) {
  return lines.some(({ uncertain }) => uncertain);
}

/**
 * @param {LineReading[]} lines  none: nothing is written
 * @returns {string} "Very sure · 99%" or, of several lines, "9 of 10 lines sure"
 */
export function certaintyInWords(lines) {
  const [line, other] = lines;
  if (!line) return "";
  if (!other) return confidenceInWords(line);
  const sure = lines.filter(({ text, uncertain }) => !uncertain && !isNoDigit(text));
  return `${sure.length} of ${lines.length} lines sure`;
}

/**
 * Return a sentence about the least sure line that is in doubt; "" if none is.
 * @param {LineReading[]} lines
 * @returns {string} "Perhaps 4, or 9?" or, of several lines, "Line 2: Perhaps 4, or 9?"
 */
export function doubtInLines(lines) {
  const leastSureFirst = lines.toSorted((one, other) => one.confidence - other.confidence);
  const line = leastSureFirst.find((each) => doubt(each));
  if (!line) return "";
  return lines.length === 1 ? doubt(line) : `Line ${lines.indexOf(line) + 1}: ${doubt(line)}`;
}
