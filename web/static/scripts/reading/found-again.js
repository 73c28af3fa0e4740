import { written } from "./words.js";

/**
 * @import { Digit, Reading } from "../common/contract.js"
 */

const MIN_OVERLAP = 0.5;

/**
 * Return the position of a digit in another reading of the same picture, maybe of another size;
 * null if it is not read there as the same digit.
 * @param {Reading} reading
 * @param {number} position
 * @param {Reading} other
 */
export function foundAgain(reading, position, other) {
  const digit = reading.digits[position];
  if (!digit) return null;
  const overlaps = other.digits.map((each) =>
    written(each) === written(digit) ? overlap(sides(digit, reading), sides(each, other)) : 0,
  );
  const most = Math.max(0, ...overlaps);
  return most > MIN_OVERLAP ? overlaps.indexOf(most) : null;
}

/**
 * Return the sides of a box in shares of the picture.
 * @param {Digit} digit
 * @param {Reading} reading
 */
function sides({ box: [x, y, width, height] }, { size: [across, down] }) {
  return {
    left: x / across,
    right: (x + width) / across,
    top: y / down,
    bottom: (y + height) / down,
  };
}

/**
 * Return the intersection of two boxes over their union.
 * @param {ReturnType<typeof sides>} one
 * @param {ReturnType<typeof sides>} other
 */
function overlap(one, other) {
  const width = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  const common = Math.max(0, width) * Math.max(0, height);
  return common / (area(one) + area(other) - common);
}

/** @param {ReturnType<typeof sides>} box */
function area({ left, right, top, bottom }) {
  return (right - left) * (bottom - top);
}
