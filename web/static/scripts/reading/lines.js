import { confidenceInWords, doubt } from "./words.js";

/**
 * The lines of a reading, each with its own certainty.
 *
 * @import { Reading } from "../common/contract.js"
 *
 * @typedef {Pick<Reading, "text" | "confidence" | "uncertain" | "digits">} LineReading  of one line
 *
 * Another text of the whole, and what is shown of it: the line in which it differs.
 * @typedef {{shown: string, text: string, confidence: number}} Choice
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
 * @returns {string} "Very sure · 99%" or, of several lines, "1 of 10 lines not sure"
 */
export function certaintyInWords(lines) {
  const [line, other] = lines;
  if (!line) return "";
  if (!other) return confidenceInWords(line);
  const unsure = lines.filter(({ text, uncertain }) => uncertain || text.includes("?"));
  return unsure.length > 0
    ? `${unsure.length} of ${lines.length} lines not sure`
    : `All ${lines.length} lines sure`;
}

/**
 * Return other texts of a reading: of one line, or of the least sure of several lines.
 * @param {Pick<Reading, "text" | "alternatives">} reading
 * @param {LineReading[]} lines  of the reading
 * @returns {{line: number, choices: Choice[]}} the index of the line, and its other texts
 */
export function alternativesOf({ text, alternatives = [] }, lines) {
  if (lines.length < 2) {
    return { line: 0, choices: alternatives.map((each) => ({ shown: each.text, ...each })) };
  }
  const unsure = lines.filter(({ uncertain }) => uncertain);
  for (const line of unsure.toSorted((one, other) => one.confidence - other.confidence)) {
    const index = lines.indexOf(line);
    const choices = alternatives.flatMap((alternative) => {
      const changed = changedLine(text, alternative.text);
      return changed?.index === index ? [{ shown: changed.text, ...alternative }] : [];
    });
    if (choices.length > 0) return { line: index, choices };
  }
  return { line: 0, choices: [] };
}

/**
 * Return the one line in which a text differs from another of as many lines, if it is one.
 * @param {string} text
 * @param {string} other
 */
function changedLine(text, other) {
  const [lines, others] = [text.split("\n"), other.split("\n")];
  const changed = others.flatMap((line, index) =>
    line === lines[index] ? [] : [{ index, text: line }],
  );
  return lines.length === others.length && changed.length === 1 ? changed[0] : undefined;
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
