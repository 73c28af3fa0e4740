import { boundingBox, thin } from "./geometry.js";
import { trace } from "./trace.js";

/**
 * @import { Box, Point, Size, Stroke } from "./geometry.js"
 *
 * The middle lines of strokes, as [x, y, x, y, …] in pixels of a picture of this width and height,
 * and the part of the pad that it shows.
 * @typedef {{strokes: number[][], size: [number, number], crop: Box}} PenLines
 *
 * A picture file of strokes.
 * @typedef {PenLines & {image: Uint8Array<ArrayBuffer>}} InkPicture
 */

/** For live frames, which have no picture: as exact as they are read. */
const LIVE = { width: 400, height: 144 };
/** For the history. */
const KEPT = { width: 1024, height: 1024 };
const KEPT_TYPE = "image/png";
const MARGIN = 0.1;
const TOLERANCE_PX = 0.4; // of thinned strokes, in the picture

/**
 * Return the middle lines of strokes, of which there is at least one.
 * @param {Stroke[]} strokes
 * @param {Size} limits  of the picture that they are on
 * @returns {PenLines}
 */
export function penLines(strokes, limits = LIVE) {
  const crop = surroundings(strokes);
  const scale = Math.min(1, limits.width / crop.width, limits.height / crop.height);
  return {
    strokes: strokes.map(({ points }) => middleLine(points, crop, scale)),
    size: [sideOf(crop.width * scale), sideOf(crop.height * scale)],
    crop,
  };
}

/**
 * Draw a picture of the strokes with a margin, black on white in both themes; null when blank.
 * @param {Stroke[]} strokes
 * @returns {Promise<InkPicture | null>}
 */
export async function inkPicture(strokes) {
  if (strokes.length === 0) return null;
  const lines = penLines(strokes, KEPT);
  const { crop, size } = lines;
  const { canvas, context } = whiteCanvas(...size);
  context.scale(size[0] / crop.width, size[1] / crop.height);
  context.translate(-crop.left, -crop.top);
  trace(context, strokes, "black");
  const file = await encode(canvas);
  return { ...lines, image: new Uint8Array(await file.arrayBuffer()) };
}

/** @param {number} length_px */
function sideOf(length_px) {
  return Math.max(1, Math.floor(length_px));
}

/**
 * Return the middle line of a stroke as [x, y, x, y, …] in pixels of the picture, thinned.
 * @param {Point[]} points
 * @param {Box} crop
 * @param {number} scale
 */
function middleLine(points, { left, top }, scale) {
  return thin(points, TOLERANCE_PX / scale)
    .flatMap(({ x, y }) => [(x - left) * scale, (y - top) * scale])
    .map((length) => Math.round(10 * length) / 10);
}

/**
 * Return the box of the ink with a margin.
 * @param {Stroke[]} strokes
 * @returns {Box}
 */
function surroundings(strokes) {
  const { left, top, width, height } = boundingBox(strokes);
  const margin = MARGIN * Math.sqrt(width * height);
  return {
    left: left - margin,
    top: top - margin,
    width: width + 2 * margin,
    height: height + 2 * margin,
  };
}

/**
 * @param {number} width
 * @param {number} height
 */
function whiteCanvas(width, height) {
  const canvas =
    "OffscreenCanvas" in window
      ? new OffscreenCanvas(width, height)
      : Object.assign(document.createElement("canvas"), { width, height });
  const context = /** @type {OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D} */ (
    canvas.getContext("2d", { alpha: false })
  );
  context.fillStyle = "white";
  context.fillRect(0, 0, width, height);
  return { canvas, context };
}

/**
 * @param {HTMLCanvasElement | OffscreenCanvas} canvas
 * @returns {Promise<Blob>}
 */
function encode(canvas) {
  if ("convertToBlob" in canvas) return canvas.convertToBlob({ type: KEPT_TYPE });
  return new Promise((resolve, reject) => {
    const settle = (/** @type {Blob | null} */ blob) =>
      blob ? resolve(blob) : reject(new Error(`No ${KEPT_TYPE}`));
    canvas.toBlob(settle, KEPT_TYPE);
  });
}
