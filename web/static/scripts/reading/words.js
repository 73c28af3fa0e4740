/**
 * What the pages say about a reading and its time.
 *
 * @import { Digit, Reading } from "../common/contract.js"
 */

const PERCENT = new Intl.NumberFormat("en", { style: "percent", roundingMode: "trunc" });
const AGO = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
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

/** Whether there is ink, and none of it a digit. @param {string} text */
function isNoDigit(text) {
  return /^\?[?\n]*$/.test(text);
}

/** @param {number} share @returns {string} "99%": never rounded up, and never all */
export function percent(share) {
  return PERCENT.format(Math.min(share, 0.99));
}

/**
 * What to think of a reading that is uncertain, or of ink that is no digit.
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

/** The position of the digit the reading is least sure of. @param {Digit[]} digits */
export function leastSure(digits) {
  const confidences = digits.map(({ confidence }) => confidence);
  return confidences.indexOf(Math.min(...confidences));
}

/** @param {string} text */
export function inOneLine(text) {
  return text.replaceAll("\n", " ");
}

/** What someone typed in one line: a space starts a new one. @param {string} text */
export function inLines(text) {
  return text.trim().replaceAll(/\s+/g, "\n");
}

/**
 * The position in the text of the digit at a position in the reading: line ends are no digits.
 * @param {string} text
 * @param {number} position
 */
export function placeInText(text, position) {
  const places = [...text].map((_, place) => place).filter((place) => text[place] !== "\n");
  return places[position] ?? -1;
}

/**
 * The text with its least sure digit replaced by what else it may be.
 * @param {Reading} reading
 */
function runnerUp({ text, digits }) {
  const position = leastSure(digits);
  const place = placeInText(text, position);
  const rival = rivalOf(/** @type {Digit} */ (digits[position]));
  return text.slice(0, place) + rival + text.slice(place + 1);
}

/** The likeliest digit but the one that was read. @param {Digit} digit */
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
