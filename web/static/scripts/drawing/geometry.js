/**
 * Points and strokes, as plain values.
 *
 * @typedef {{x: number, y: number, weight?: number}} Point  `weight`: how much wider the pen pressed
 *   the line here than it is by itself, 1 where nothing is said
 * @typedef {{width: number, height: number}} Size
 * @typedef {{radius_px: number, points: Point[]}} Stroke
 * @typedef {{left: number, top: number, width: number, height: number}} Box
 */

/**
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
 * Whether the pen has hardly moved: less than the line is wide.
 * @param {Stroke} stroke
 */
export function isDot(stroke) {
  const { width, height } = boundingBox([stroke]);
  return Math.max(width, height) < 4 * stroke.radius_px;
}

/**
 * The box around all ink, pen width included.
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
 * Whether two strokes touch each other anywhere.
 * @param {Stroke} one
 * @param {Stroke} other
 */
export function touch(one, other) {
  if (!overlap(boundingBox([one]), boundingBox([other]))) return false;
  const reach_px = one.radius_px + other.radius_px;
  return segments(one.points).some((segment) =>
    segments(other.points).some((against) => distance(segment, against) <= reach_px),
  );
}

/**
 * @param {Box} one
 * @param {Box} other
 */
function overlap(one, other) {
  return (
    one.left <= other.left + other.width &&
    other.left <= one.left + one.width &&
    one.top <= other.top + other.height &&
    other.top <= one.top + one.height
  );
}

/**
 * @typedef {[Point, Point]} Segment
 * @param {Point[]} points  at least one: a single one is a segment of no length
 * @returns {Segment[]}
 */
function segments(points) {
  const [first] = points;
  if (points.length === 1 && first) return [[first, first]];
  return points
    .slice(1)
    .map((point, index) => /** @type {Segment} */ ([/** @type {Point} */ (points[index]), point]));
}

/**
 * @param {Segment} one
 * @param {Segment} other
 */
function distance(one, other) {
  if (cross(one, other)) return 0;
  const ends = [
    ...one.map((end) => distanceTo(end, other)),
    ...other.map((end) => distanceTo(end, one)),
  ];
  return Math.min(...ends);
}

/**
 * @param {Point} point
 * @param {Segment} segment
 */
function distanceTo({ x, y }, [from, to]) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const along = ((x - from.x) * dx + (y - from.y) * dy) / (dx * dx + dy * dy || 1);
  const share = Math.min(1, Math.max(0, along));
  return Math.hypot(from.x + share * dx - x, from.y + share * dy - y);
}

/**
 * Whether the ends of each segment lie on both sides of the other.
 * @param {Segment} one
 * @param {Segment} other
 */
function cross([a, b], [c, d]) {
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

/**
 * On which side of the line from a to b a point lies: the sign tells.
 * @param {Point} a
 * @param {Point} b
 * @param {Point} point
 */
function side(a, b, point) {
  return (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x);
}
