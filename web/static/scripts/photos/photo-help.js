import { areUncertain } from "../reading/lines.js";
import { isUnknown } from "../reading/words.js";
import { around, isWhole } from "./crop-box.js";

/**
 * What to do about a photo that reads badly.
 *
 * @import { Digit, Reading } from "../common/contract.js"
 * @import { LineReading } from "../reading/lines.js"
 * @import { Sides } from "./crop-box.js"
 *
 * @typedef {object} Help
 * @property {string} sentence  for the user
 * @property {Sides | null} crop  around the numbers; null: cropping does not help
 */

export const NO_WRITING = "No writing found. Take the photo closer, with more light.";
const NO_NUMBERS = "No numbers found. Take the photo closer, with more light.";
const SMALL = "The numbers are small on this photo. Crop to them, or come closer.";
const OTHER_PARTS = "Parts do not look like numbers. Crop to the numbers.";
const DOUBTFUL = "Check the marked digits, or take the photo again with more light.";

/** Digits below this height have too few pixels. */
const MIN_HEIGHT_PX = 12;
/** Digits below this share of the picture's longer side are a small part of it. */
const MIN_HEIGHT_SHARE = 1 / 15;

/**
 * Return what to do about the photo of a reading; null if it reads well.
 * @param {Pick<Reading, "text" | "digits" | "size">} reading
 * @param {LineReading[]} lines  of the reading
 * @returns {Help | null}
 */
export function helpWith({ text, digits, size }, lines) {
  const hasOtherParts = text.includes("?");
  if (!hasOtherParts && !areUncertain(lines)) return null;
  const numbers = digits.filter((digit) => !isUnknown(digit));
  const { crop, isSmall } = measure(numbers.length > 0 ? numbers : digits, size);
  if (isSmall) return { sentence: SMALL, crop };
  if (numbers.length === 0) return { sentence: NO_NUMBERS, crop: null };
  if (hasOtherParts) return { sentence: OTHER_PARTS, crop };
  return { sentence: DOUBTFUL, crop: null };
}

/**
 * Return whether the digits are small on the picture, and the crop around them with a margin of a
 * digit's height. There is none where no side has twice that much to cut off.
 * @param {Digit[]} digits
 * @param {Reading["size"]} size
 */
function measure(digits, size) {
  const boxes = digits.map(({ box }) => box);
  const height_px = Math.max(...boxes.map(([, , , height]) => height));
  const isCropped = isWhole(around(boxes, 2 * height_px, size));
  return {
    crop: isCropped ? null : around(boxes, height_px, size),
    isSmall: height_px < Math.max(MIN_HEIGHT_PX, MIN_HEIGHT_SHARE * Math.max(...size)),
  };
}
