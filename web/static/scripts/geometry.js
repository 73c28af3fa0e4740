/**
 * Points and strokes, as plain values.
 *
 * @typedef {{x: number, y: number}} Point
 * @typedef {{width: number, height: number}} Size
 * @typedef {{radius_px: number, points: Point[]}} Stroke
 * @typedef {{scale: number, x: number, y: number}} Placement
 */

/**
 * Places all of `from` in the middle of `to`, as large as it fits.
 * @param {Size} from
 * @param {Size} to
 * @returns {Placement}
 */
export function contain(from, to) {
  const scale = Math.min(to.width / from.width, to.height / from.height);
  return {
    scale,
    x: (to.width - from.width * scale) / 2,
    y: (to.height - from.height * scale) / 2,
  };
}

/**
 * @param {Placement} placement
 * @returns {Placement}
 */
export function invert({ scale, x, y }) {
  return { scale: 1 / scale, x: -x / scale, y: -y / scale };
}

/**
 * @param {Stroke} stroke
 * @param {Placement} placement
 * @returns {Stroke}
 */
export function place(stroke, { scale, x, y }) {
  return {
    radius_px: stroke.radius_px * scale,
    points: stroke.points.map((point) => ({ x: point.x * scale + x, y: point.y * scale + y })),
  };
}

/**
 * Whether the pen has hardly moved: less than the line is wide.
 * @param {Stroke} stroke
 */
export function isDot(stroke) {
  const { left, top, right, bottom } = boundingBox([stroke]);
  return Math.max(right - left, bottom - top) < 4 * stroke.radius_px;
}

/**
 * The box around all ink, pen width included.
 * @param {Stroke[]} strokes  at least one, none of them empty
 */
export function boundingBox(strokes) {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const { radius_px, points } of strokes) {
    for (const { x, y } of points) {
      box.left = Math.min(box.left, x - radius_px);
      box.top = Math.min(box.top, y - radius_px);
      box.right = Math.max(box.right, x + radius_px);
      box.bottom = Math.max(box.bottom, y + radius_px);
    }
  }
  return box;
}
