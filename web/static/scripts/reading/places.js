/**
 * Places in a text where it is corrected.
 *
 * A character of a text, white space not counted, or the gap before (-1) or after (1) it.
 * @typedef {{at: number, side: -1 | 0 | 1}} Place
 */

import { tidied } from "./correction.js";
import { placeInText } from "./words.js";

/**
 * Put a character at a place: in a gap, or instead of the character there.
 * @param {string} text
 * @param {Place} place
 * @param {string} character
 */
export function withCharacter(text, { at, side }, character) {
  const index = Math.max(0, placeInText(text, at)) + (side > 0 ? 1 : 0);
  return text.slice(0, index) + character + text.slice(side === 0 ? index + 1 : index);
}

/** Return the gap after the character that was put at a place. @param {Place} place @returns {Place} */
export function afterInsertion({ at, side }) {
  return { at: side > 0 ? at + 1 : at, side: 1 };
}

/**
 * @param {string} text
 * @param {number} at
 * @returns {[string, Place]} the text without a character, and the gap where it was
 */
export function withoutCharacter(text, at) {
  const index = placeInText(text, at);
  const isBeforeAnother = /^\S/.test(text.slice(index + 1));
  return [
    tidied(text.slice(0, index) + text.slice(index + 1)),
    isBeforeAnother || at === 0 ? { at, side: -1 } : { at: at - 1, side: 1 },
  ];
}

/** @type {Record<string, (place: Place, text: string) => Place>} */
const MOVES = {
  ArrowLeft: ({ at, side }) => ({ at: Math.max(0, side > 0 ? at : at - 1), side: 0 }),
  ArrowRight: ({ at, side }, text) => {
    const next = side < 0 ? at : at + 1;
    return next < lengthOf(text) ? { at: next, side: 0 } : { at: next - 1, side: 1 };
  },
  ArrowUp: ({ at }, text) => ({ at: inOtherLine(text, at, -1), side: 0 }),
  ArrowDown: ({ at }, text) => ({ at: inOtherLine(text, at, 1), side: 0 }),
  Home: () => ({ at: 0, side: 0 }),
  End: (_, text) => ({ at: lengthOf(text) - 1, side: 1 }),
};

/**
 * @param {Place} place
 * @param {string} key  of the keyboard
 * @param {string} text
 * @returns {Place | undefined} the place to which the key moves, if it is one that moves
 */
export function moved(place, key, text) {
  return MOVES[key]?.(place, text);
}

/** @param {string} text */
function lengthOf(text) {
  return text.replaceAll(/\s/g, "").length;
}

/**
 * Return the character below (1) or above (-1) a character, or itself where there is none.
 * @param {string} text
 * @param {number} at
 * @param {-1 | 1} step
 */
function inOtherLine(text, at, step) {
  const ends = text
    .split("\n")
    .map((_, index, lines) => lengthOf(lines.slice(0, index + 1).join("")));
  const line = ends.findIndex((end) => at < end);
  const [start, otherEnd] = [ends[line - 1] ?? 0, ends[line + step]];
  if (otherEnd === undefined) return at;
  const otherStart = ends[line + step - 1] ?? 0;
  return Math.max(otherStart, Math.min(otherStart + at - start, otherEnd - 1));
}
