/**
 * Numbers in texts, added without loss: a number may have more digits than a double keeps.
 *
 * @typedef {object} Sum
 * @property {number} count  of the numbers
 * @property {number} added  of those that can be added; dates, times and "?" cannot
 * @property {string} sum  "" if none can be added
 * @property {string} mean
 */

const DECIMAL = /^([+-]?)(\d+)(?:[.,](\d+))?$/;
const MEAN_DIGITS = 2; // more of the mean than of the numbers

/**
 * Return the numbers of a text in their order.
 * @param {string} text
 */
export function numbersOf(text) {
  return text.split(/\s+/).filter(Boolean);
}

/**
 * Return a text as it is copied: one number a line, and cells of a table separated by tabs.
 * @param {string} text
 */
export function asCopied(text) {
  return text.includes("\t") ? text : text.replaceAll(" ", "\n");
}

/**
 * Add the numbers of texts.
 * @param {string[]} texts
 * @returns {Sum}
 */
export function sumOf(texts) {
  const numbers = texts.flatMap(numbersOf);
  const decimals = numbers.map((number) => DECIMAL.exec(number)).filter((match) => match !== null);
  const places = Math.max(0, ...decimals.map(([, , , fraction = ""]) => fraction.length));
  const sum = decimals.reduce((total, match) => total + scaled(match, places), 0n);
  const count = numbers.length;
  const added = decimals.length;
  if (added === 0) return { count, added, sum: "", mean: "" };
  const mean = divided(sum * 10n ** BigInt(MEAN_DIGITS), BigInt(added));
  return {
    count,
    added,
    sum: written(sum, places),
    mean: shortened(written(mean, places + MEAN_DIGITS)),
  };
}

/**
 * @param {RegExpExecArray} decimal
 * @param {number} places  after the point
 */
function scaled([, sign, whole = "0", fraction = ""], places) {
  const value = BigInt(whole + fraction.padEnd(places, "0"));
  return sign === "-" ? -value : value;
}

/**
 * Divide and round to the nearest, halves away from zero.
 * @param {bigint} dividend
 * @param {bigint} divisor
 */
function divided(dividend, divisor) {
  const half = (dividend < 0n ? -divisor : divisor) / 2n;
  return (dividend + half) / divisor;
}

/**
 * @param {bigint} value
 * @param {number} places
 */
function written(value, places) {
  const sign = value < 0n ? "-" : "";
  const digits = String(value < 0n ? -value : value).padStart(places + 1, "0");
  const point = digits.length - places;
  return sign + digits.slice(0, point) + (places ? `.${digits.slice(point)}` : "");
}

/** Leave out zeros at the end of a fraction. @param {string} number */
function shortened(number) {
  return number.includes(".") ? number.replace(/\.?0+$/, "") : number;
}
