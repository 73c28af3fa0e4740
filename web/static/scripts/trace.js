/**
 * @import { Point, Stroke } from "./geometry.js"
 */

/**
 * Draws strokes as a felt tip would: as wide as it is, however fast it moved.
 * @param {CanvasPath & CanvasDrawPath & CanvasPathDrawingStyles & CanvasFillStrokeStyles} context
 * @param {Stroke[]} strokes
 * @param {string} color
 */
export function trace(context, strokes, color) {
  context.strokeStyle = color;
  context.lineCap = "round";
  context.lineJoin = "round";
  for (const { radius_px, points } of strokes) {
    context.lineWidth = 2 * radius_px;
    context.beginPath();
    follow(context, points);
    context.stroke();
  }
}

/**
 * A smooth path: each point bends the line between the middles to its neighbours.
 * @param {CanvasPath} path
 * @param {Point[]} points
 */
function follow(path, points) {
  const first = /** @type {Point} */ (points[0]);
  const last = points.at(-1) ?? first;
  path.moveTo(first.x, first.y);
  points.slice(1).forEach((point, index) => {
    const bend = points[index] ?? first;
    path.quadraticCurveTo(bend.x, bend.y, (bend.x + point.x) / 2, (bend.y + point.y) / 2);
  });
  // A line of no length is not drawn, and a dot is one: hence the hundredth of a pixel.
  path.lineTo(last.x + 0.01, last.y);
}
