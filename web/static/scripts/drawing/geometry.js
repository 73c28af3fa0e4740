/**
 * Points and strokes.
 *
 * @typedef {{x: number, y: number, weight?: number}} Point  `weight`: the factor by which the
 *   pen's pressure widens the line here, 1 by default
 * @typedef {{width: number, height: number}} Size
 * @typedef {{radius_px: number, points: Point[]}} Stroke
 * @typedef {{left: number, top: number, width: number, height: number}} Box
 */

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
 * Return whether the pen has moved less than the line is wide.
 * @param {Stroke} stroke
 */
export function isDot(stroke) {
  const { width, height } = boundingBox([stroke]);
  return Math.max(width, height) < 4 * stroke.radius_px;
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
