/**
 * @import { Stroke } from "./geometry.js"
 */

/**
 * Draw strokes like a felt tip: the width depends on the pressure but not on the speed.
 * @param {CanvasPath & CanvasDrawPath & CanvasPathDrawingStyles & CanvasFillStrokeStyles} context
 * @param {Stroke[]} strokes
 * @param {string} color
 */
export function trace(context, strokes, color) {
  context.strokeStyle = color;
  context.lineCap = "round";
  context.lineJoin = "round";
  for (const stroke of strokes) draw(context, stroke);
}

/**
 * Draw a smooth path: each point bends the line between the midpoints to its neighbors.
 * @param {CanvasPath & CanvasDrawPath & CanvasPathDrawingStyles} context
 * @param {Stroke} stroke  of at least one point
 */
function draw(context, { radius_px, points }) {
  let last = /** @type {typeof points[0]} */ (points[0]);
  let weight = last.weight ?? 1;
  context.lineWidth = 2 * radius_px * weight;
  context.beginPath();
  context.moveTo(last.x, last.y);
  for (const point of points.slice(1)) {
    const [x, y] = [(last.x + point.x) / 2, (last.y + point.y) / 2];
    context.quadraticCurveTo(last.x, last.y, x, y);
    if (point.weight !== undefined && point.weight !== weight) {
      weight = point.weight;
      context.stroke();
      context.lineWidth = 2 * radius_px * weight;
      context.beginPath();
      context.moveTo(x, y);
    }
    last = point;
  }
  // A dot is a line of no length, which would not be drawn: hence the hundredth of a pixel.
  context.lineTo(last.x + 0.01, last.y);
  context.stroke();
}
