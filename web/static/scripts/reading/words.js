/**
 * Readings, confidences and times in words.
 *
 * @import { Digit, Reading } from "../common/contract.js"
 * @import { Character } from "./shown-text.js"
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

/** A screen reader may not speak a sign that stands alone. @type {Record<string, string>} */
const SIGN_NAMES = {
  "-": "minus",
  ".": "point",
  ",": "comma",
  "/": "slash",
  ":": "colon",
  "+": "plus",
  "%": "per cent",
};

/** Return a digit or a sign as it is written, "?" for other ink. @param {Digit} digit */
export function written({ digit, sign }) {
  return sign ?? (digit === null ? "?" : String(digit));
}

/** @param {Digit} digit @returns {string} "4", "minus" or "no digit" */
export function nameOf(digit) {
  return spoken(written(digit));
}

/**
 * @param {Pick<Character, "text" | "digit" | "isRead">} character
 * @param {number} at  its place, from 0
 * @param {number} count  of all characters
 * @returns {string} "Digit 2 of 3: 0, 97%", or "…: 8, corrected"
 */
export function nameOfCharacter({ text, digit, isRead }, at, count) {
  const kind = text in SIGN_NAMES ? "Sign" : "Digit";
  const source = isRead && digit ? percent(digit.confidence) : "corrected";
  return `${kind} ${at + 1} of ${count}: ${spoken(text)}, ${source}`;
}

/** @param {string} character @returns {string} "4", "minus" or "no digit" */
function spoken(character) {
  return character === "?" ? "no digit" : (SIGN_NAMES[character] ?? character);
}

/** Return whether ink is neither a digit nor a sign. @param {Digit} digit */
export function isUnknown(digit) {
  return written(digit) === "?";
}

/**
 * @param {{text: string, confidence: number, uncertain: boolean}} reading
 * @returns {string} "Very sure · 99%"
 */
export function confidenceInWords({ text, confidence, uncertain }) {
  const sure = isNoDigit(text) ? "No digit" : confidence >= 0.99 ? "Very sure" : "Sure";
  return `${uncertain ? "Not sure" : sure} · ${percent(confidence)}`;
}

/** Return whether there is ink, but no digit. @param {string} text */
export function isNoDigit(text) {
  return /^\s*\?[?\s]*$/.test(text);
}

/** @param {number} share @returns {string} "99%": never rounded up, and never 100% */
export function percent(share) {
  return PERCENT.format(Math.min(share, 0.99));
}

/**
 * Return a sentence about an uncertain reading or about ink that is not a digit; "" otherwise.
 * @param {Pick<Reading, "text" | "uncertain" | "digits">} reading
 * @returns {string} "Perhaps 4, or 9?"
 */
export function doubt(reading) {
  const { text, uncertain } = reading;
  if (isNoDigit(text)) return "This does not look like a digit.";
  if (text.includes("?")) return "“?” does not look like a digit.";
  if (!uncertain || text === "") return "";
  const sign = reading.digits[leastSure(reading.digits)]?.sign;
  if (sign) return `Perhaps ${inOneLine(text)}, but “${sign}” is not sure.`;
  return `Perhaps ${inOneLine(text)}, or ${inOneLine(runnerUp(reading))}?`;
}

/** Return the position of the least sure digit. @param {Digit[]} digits */
export function leastSure(digits) {
  const confidences = digits.map(({ confidence }) => confidence);
  return confidences.indexOf(Math.min(...confidences));
}

/** @param {string} text */
export function inOneLine(text) {
  return text.replaceAll(/\s/g, " ");
}

/**
 * Return the index in the text of the digit at a position of the reading; white space between
 * digits, numbers, cells and lines does not count.
 * @param {string} text
 * @param {number} position
 */
export function placeInText(text, position) {
  return [...text.matchAll(/\S/g)][position]?.index ?? -1;
}

/**
 * Return the text with its least sure digit replaced by the second likeliest.
 * @param {Pick<Reading, "text" | "digits">} reading
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
