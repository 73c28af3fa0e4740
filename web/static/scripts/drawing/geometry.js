/**
 * Points and strokes.
 *
 * @typedef {{x: number, y: number, weight?: number}} Point  `weight`: the factor by which the
 *   pen's pressure widens the line here, 1 by default
 * @typedef {{width: number, height: number}} Size
 * @typedef {{radius_px: number, points: Point[]}} Stroke
 * @typedef {{left: number, top: number, width: number, height: number}} Box
 */

const DOT_PX = 6; // a path that stays within so much is a dot

/**
 * Scale a stroke, its width included.
 * @param {Stroke} stroke
 * @param {number} factor
 * @returns {Stroke}
 */
export function scale(stroke, factor) {
  return {
    radius_px: stroke.radius_px * factor,
    points: stroke.points.map(({ x, y, ...rest }) => ({ x: x * factor, y: y * factor, ...rest })),
  };
}

/**
 * Return whether the pen has hardly moved, as when it taps.
 * @param {Stroke} stroke
 */
export function isDot({ points }) {
  const { width, height } = pathBox(points);
  return Math.max(width, height) < DOT_PX;
}

/**
 * Return the points of a path that show: those left out are at most `tolerance` beside the lines
 * between the others (Douglas and Peucker 1973).
 * @param {Point[]} points
 * @param {number} tolerance
 * @returns {Point[]}
 */
export function thin(points, tolerance) {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || points.length < 3) return points;
  let [farthest, index] = [tolerance, 0];
  for (let k = 1; k < points.length - 1; k += 1) {
    const distance = distanceToLine(/** @type {Point} */ (points[k]), first, last);
    if (distance > farthest) [farthest, index] = [distance, k];
  }
  if (index === 0) return [first, last];
  return [
    ...thin(points.slice(0, index + 1), tolerance),
    ...thin(points.slice(index), tolerance).slice(1),
  ];
}

/**
 * Return the distance of a point to the line between two others, which may be one.
 * @param {Point} point
 * @param {Point} from
 * @param {Point} to
 */
function distanceToLine(point, from, to) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const along = ((point.x - from.x) * dx + (point.y - from.y) * dy) / (dx * dx + dy * dy || 1);
  const share = Math.min(Math.max(along, 0), 1);
  return Math.hypot(point.x - from.x - share * dx, point.y - from.y - share * dy);
}

/** @param {Point[]} points */
function pathBox(points) {
  return boundingBox([{ radius_px: 0, points }]);
}

/**
 * Return the box around all ink, pen width included.
 * @param {Stroke[]} strokes  at least one, none of them empty
 * @returns {Box}
 */
export function boundingBox(strokes) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { radius_px, points } of strokes) {
    for (const { x, y, weight = 1 } of points) {
      left = Math.min(left, x - radius_px * weight);
      top = Math.min(top, y - radius_px * weight);
      right = Math.max(right, x + radius_px * weight);
      bottom = Math.max(bottom, y + radius_px * weight);
    }
  }
  return { left, top, width: right - left, height: bottom - top };
}

/**
 * Convert from pixels of the pad to units of its height.
 * @param {Box} box
 * @param {number} height
 * @returns {Box}
 */
export function inHeights({ left, top, width, height: tall }, height) {
  return {
    left: left / height,
    top: top / height,
    width: width / height,
    height: tall / height,
  };
}
