/**
 * Readings, confidences and times in words.
 *
 * @import { Digit, Reading } from "../common/contract.js"
 */

const PERCENT = new Intl.NumberFormat("en", { style: "percent", roundingMode: "trunc" });
const AGO = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const TAB_SIZE = 4; // as in the style sheets
const MOMENT = new Intl.DateTimeFormat("en", { dateStyle: "full", timeStyle: "medium" });

/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const UNITS = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/**
 * @param {{text: string, confidence: number, uncertain: boolean}} reading
 * @returns {string} "Very sure · 99%"
 */
export function confidenceInWords({ text, confidence, uncertain }) {
  const sure = isNoDigit(text) ? "No digit" : confidence >= 0.99 ? "Very sure" : "Sure";
  return `${uncertain ? "Not sure" : sure} · ${percent(confidence)}`;
}

/** Return whether there is ink, but no digit. @param {string} text */
function isNoDigit(text) {
  return /^\s*\?[?\s]*$/.test(text);
}

/** @param {number} share @returns {string} "99%": never rounded up, and never 100% */
export function percent(share) {
  return PERCENT.format(Math.min(share, 0.99));
}

/**
 * Return a sentence about an uncertain reading or about ink that is not a digit; "" otherwise.
 * @param {Reading} reading
 * @returns {string} "Perhaps 4, or 9?"
 */
export function doubt(reading) {
  const { text, uncertain } = reading;
  if (isNoDigit(text)) return "This does not look like a digit.";
  if (text.includes("?")) return "“?” does not look like a digit.";
  if (!uncertain || text === "") return "";
  return `Perhaps ${inOneLine(text)}, or ${inOneLine(runnerUp(reading))}?`;
}

/** Return the position of the least sure digit. @param {Digit[]} digits */
export function leastSure(digits) {
  const confidences = digits.map(({ confidence }) => confidence);
  return confidences.indexOf(Math.min(...confidences));
}

/** @param {string} text @returns {string} "40 / 7" for "40\n7" */
export function inOneLine(text) {
  return text.replaceAll("\n", " / ");
}

/** Split what was typed in one line at each "/". @param {string} text */
export function inLines(text) {
  const lines = text.split("/").map((line) => line.replaceAll(/ +/g, " ").replaceAll(/^ | $/g, ""));
  return lines.filter(Boolean).join("\n");
}

/** Return the width of a line in characters; a tab reaches to the next stop. @param {string} line */
export function widthOf(line) {
  const toStop = (/** @type {number} */ width) => width + TAB_SIZE - (width % TAB_SIZE);
  const [first = "", ...cells] = line.split("\t");
  return cells.reduce((width, { length }) => toStop(width) + length, first.length);
}

/**
 * Return the index in the text of the digit at a position of the reading; blanks do not count.
 * @param {string} text
 * @param {number} position
 */
export function placeInText(text, position) {
  const places = [...text.matchAll(/\S/g)].map(({ index }) => index);
  return places[position] ?? -1;
}

/**
 * Return the text with its least sure digit replaced by the second likeliest.
 * @param {Reading} reading
 */
function runnerUp({ text, digits }) {
  const position = leastSure(digits);
  const place = placeInText(text, position);
  const rival = rivalOf(/** @type {Digit} */ (digits[position]));
  return text.slice(0, place) + rival + text.slice(place + 1);
}

/** Return the likeliest digit other than the answer. @param {Digit} digit */
export function rivalOf({ digit, probabilities }) {
  const others = probabilities.map((probability, value) => (value === digit ? -1 : probability));
  return others.indexOf(Math.max(...others));
}

/**
 * @param {Date} moment
 * @param {number} now_ms
 * @returns {string} "5 minutes ago"
 */
export function ago(moment, now_ms = Date.now()) {
  const seconds = Math.max(0, (now_ms - moment.getTime()) / 1000);
  for (const [unit, length] of UNITS) {
    if (seconds >= length) return AGO.format(-Math.floor(seconds / length), unit);
  }
  return "just now";
}

/** @param {Date} moment */
export function inFull(moment) {
  return MOMENT.format(moment);
}
