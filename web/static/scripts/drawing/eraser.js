/**
 * @import { Point, Stroke } from "./geometry.js"
 */

const RADIUS_PX = 12;

/** Hit test of the eraser against strokes. */
export class Eraser {
  #context = /** @type {CanvasRenderingContext2D} */ (
    document.createElement("canvas").getContext("2d")
  );

  constructor() {
    this.#context.lineCap = "round";
    this.#context.lineJoin = "round";
  }

  /**
   * Return whether the eraser's newest move crossed a stroke.
   * @param {Stroke} path  of the eraser
   * @param {Stroke} stroke
   */
  touches(path, { radius_px, points }) {
    this.#context.lineWidth = 2 * (radius_px + RADIUS_PX);
    const outline = new Path2D();
    for (const { x, y } of points) {
      outline.lineTo(x, y);
      outline.lineTo(x + 0.01, y); // a dot is a line of no length, which has no outline
    }
    return newestPoints(path.points).some(({ x, y }) =>
      this.#context.isPointInStroke(outline, x, y),
    );
  }
}

/**
 * Return points on the last segment of a path, at most the eraser's radius apart.
 * @param {Point[]} points  at least one
 */
function newestPoints(points) {
  const [from, to] = /** @type {[Point, Point]} */ ([points.at(-2) ?? points[0], points.at(-1)]);
  const steps = Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / RADIUS_PX) || 1;
  return Array.from({ length: steps + 1 }, (_, step) => ({
    x: from.x + ((to.x - from.x) * step) / steps,
    y: from.y + ((to.y - from.y) * step) / steps,
  }));
}
