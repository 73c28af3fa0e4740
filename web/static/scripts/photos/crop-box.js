/**
 * The part of a picture that is kept, and how a drag or a turn changes it. All lengths are shares of
 * the picture's width and height, from 0 to 1.
 *
 * @import { Point } from "../drawing/geometry.js"
 *
 * @typedef {{left: number, top: number, right: number, bottom: number}} Sides
 * @typedef {keyof Sides} Side
 */

/** @type {Readonly<Sides>} */
export const WHOLE = Object.freeze({ left: 0, top: 0, right: 1, bottom: 1 });

/** @param {Sides} box */
export function isWhole({ left, top, right, bottom }) {
  return left === 0 && top === 0 && right === 1 && bottom === 1;
}

/**
 * Moves some sides of a box as far as the picture and the other sides let them; all four move it.
 * @param {Sides} box
 * @param {ReadonlySet<string>} sides
 * @param {Point} by
 * @param {Point} least  how wide and high the box stays
 * @returns {Sides}
 */
export function drag(box, sides, by, least) {
  const moves = (/** @type {Side} */ side) => sides.has(side);
  const x = { low: box.left, high: box.right, lowMoves: moves("left"), highMoves: moves("right") };
  const y = { low: box.top, high: box.bottom, lowMoves: moves("top"), highMoves: moves("bottom") };
  const [left, right] = shift(x, by.x, least.x);
  const [top, bottom] = shift(y, by.y, least.y);
  return { left, top, right, bottom };
}

/**
 * The box between two points, or the whole picture while they are too near each other for one.
 * @param {Point} from
 * @param {Point} to
 * @param {Point} least
 * @returns {Sides}
 */
export function span(from, to, least) {
  const [left, right] = inOrder(from.x, to.x);
  const [top, bottom] = inOrder(from.y, to.y);
  const isTooSmall = right - left < least.x || bottom - top < least.y;
  return isTooSmall ? WHOLE : { left, top, right, bottom };
}

/**
 * The same part of the picture after a quarter turn.
 * @param {Sides} box
 * @param {"left" | "right"} way
 * @returns {Sides}
 */
export function turn({ left, top, right, bottom }, way) {
  return way === "right"
    ? { left: 1 - bottom, top: left, right: 1 - top, bottom: right }
    : { left: top, top: 1 - right, right: bottom, bottom: 1 - left };
}

/**
 * @param {{low: number, high: number, lowMoves: boolean, highMoves: boolean}} extent
 * @param {number} by
 * @param {number} least
 * @returns {[number, number]}
 */
function shift({ low, high, lowMoves, highMoves }, by, least) {
  const back = lowMoves ? -low : low + least - high;
  const forth = highMoves ? 1 - high : high - least - low;
  const way = Math.max(back, Math.min(forth, by));
  return [lowMoves ? low + way : low, highMoves ? high + way : high];
}

/**
 * @param {number} one
 * @param {number} other
 * @returns {[number, number]} both within the picture, the lower one first
 */
function inOrder(one, other) {
  const within = (/** @type {number} */ share) => Math.max(0, Math.min(1, share));
  return [within(Math.min(one, other)), within(Math.max(one, other))];
}
