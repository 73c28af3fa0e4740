/**
 * The part of a picture to keep, and its changes by a drag or a turn. All lengths are shares of the
 * picture's width and height, 0 to 1.
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
 * Move sides of a box within the picture, down to a minimum size; all four sides move the box.
 * @param {Sides} box
 * @param {ReadonlySet<string>} sides
 * @param {Point} by
 * @param {Point} minSize  of the box
 * @returns {Sides}
 */
export function drag(box, sides, by, minSize) {
  const moves = (/** @type {Side} */ side) => sides.has(side);
  const x = { low: box.left, high: box.right, lowMoves: moves("left"), highMoves: moves("right") };
  const y = { low: box.top, high: box.bottom, lowMoves: moves("top"), highMoves: moves("bottom") };
  const [left, right] = shift(x, by.x, minSize.x);
  const [top, bottom] = shift(y, by.y, minSize.y);
  return { left, top, right, bottom };
}

/**
 * Return the box between two points, or the whole picture if that is below the minimum size.
 * @param {Point} from
 * @param {Point} to
 * @param {Point} minSize
 * @returns {Sides}
 */
export function span(from, to, minSize) {
  const [left, right] = inOrder(from.x, to.x);
  const [top, bottom] = inOrder(from.y, to.y);
  const isTooSmall = right - left < minSize.x || bottom - top < minSize.y;
  return isTooSmall ? WHOLE : { left, top, right, bottom };
}

/**
 * Return the box around all boxes with a margin, within the picture.
 * @param {[left: number, top: number, width: number, height: number][]} boxes  in pixels
 * @param {number} margin_px
 * @param {[width: number, height: number]} size  of the picture, in pixels
 * @returns {Sides}
 */
export function around(boxes, margin_px, [width, height]) {
  return {
    left: within((Math.min(...boxes.map(([x]) => x)) - margin_px) / width),
    top: within((Math.min(...boxes.map(([, y]) => y)) - margin_px) / height),
    right: within((Math.max(...boxes.map(([x, , across]) => x + across)) + margin_px) / width),
    bottom: within((Math.max(...boxes.map(([, y, , down]) => y + down)) + margin_px) / height),
  };
}

/**
 * Grow a box around its center to a minimum size, within the picture.
 * @param {Sides} box
 * @param {Point} minSize
 * @returns {Sides}
 */
export function grow({ left, top, right, bottom }, minSize) {
  const [newLeft, newRight] = stretch(left, right, minSize.x);
  const [newTop, newBottom] = stretch(top, bottom, minSize.y);
  return { left: newLeft, top: newTop, right: newRight, bottom: newBottom };
}

/**
 * Turn a box with its picture by a quarter.
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
 * @param {number} minSize
 * @returns {[number, number]}
 */
function shift({ low, high, lowMoves, highMoves }, by, minSize) {
  const back = lowMoves ? -low : low + minSize - high;
  const forth = highMoves ? 1 - high : high - minSize - low;
  const way = Math.max(back, Math.min(forth, by));
  return [lowMoves ? low + way : low, highMoves ? high + way : high];
}

/**
 * @param {number} low
 * @param {number} high
 * @param {number} minSize
 * @returns {[number, number]}
 */
function stretch(low, high, minSize) {
  const size = Math.max(minSize, high - low);
  const start = Math.max(0, Math.min(1 - size, (low + high - size) / 2));
  return [start, start + size];
}

/**
 * @param {number} one
 * @param {number} other
 * @returns {[number, number]} both within the picture, in order
 */
function inOrder(one, other) {
  return [within(Math.min(one, other)), within(Math.max(one, other))];
}

/** Return the nearest share within the picture. @param {number} share */
function within(share) {
  return Math.max(0, Math.min(1, share));
}
