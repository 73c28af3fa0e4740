import { boundingBox, thin, writingHeight } from "./geometry.js";
import { trace } from "./trace.js";

/**
 * @import { Box, Point, Size, Stroke } from "./geometry.js"
 *
 * The format of a picture: at most `width_px` wide and `height_px` high. Its shorter side is at
 * most `shortSide_px`, or longer if the thinnest line would be under `line_px`.
 * @typedef {object} Format
 * @property {number} width_px
 * @property {number} height_px
 * @property {number} shortSide_px
 * @property {number} line_px
 * @property {number} pen  the widest line, in heights of the writing
 * @property {string} type
 *
 * A picture file, the middle lines of its strokes in its pixels as [x, y, x, y, …], and the part of
 * the pad that it shows.
 * @typedef {{image: Uint8Array<ArrayBuffer>, strokes: number[][], crop: Box}} InkPicture
 */

/**
 * For live frames: under a kilobyte, and read as well as a larger one. PNG where a browser cannot
 * write WebP.
 * @type {Format}
 */
export const LIVE = {
  width_px: 400,
  height_px: 144,
  shortSide_px: 48,
  line_px: 3,
  pen: 0.12,
  type: "image/webp",
};

/** For the history. @type {Format} */
export const KEPT = {
  width_px: 1024,
  height_px: 1024,
  shortSide_px: 1024,
  line_px: 0,
  pen: Infinity,
  type: "image/png",
};

const MARGIN = 0.1;
const QUALITY = 0.6;
const MIN_RADIUS_PX = 0.5;
const MIN_HEIGHT_PX = 1; // of the writing: a dot has none
const TOLERANCE_PX = 0.4; // of thinned strokes, in the picture

/**
 * Draw a picture of the strokes with a margin, black on white in both themes; null when blank.
 * @param {Stroke[]} strokes
 * @param {Format} format
 * @returns {Promise<InkPicture | null>}
 */
export async function inkPicture(strokes, format) {
  if (strokes.length === 0) return null;
  const widest_px = (format.pen * Math.max(writingHeight(strokes), MIN_HEIGHT_PX)) / 2;
  const fitted = strokes.map(({ radius_px, points }) => ({
    radius_px: Math.min(radius_px, Math.max(widest_px, MIN_RADIUS_PX)),
    points,
  }));
  const crop = surroundings(strokes);
  const thinnest_px = 2 * Math.min(...fitted.map(({ radius_px }) => radius_px));
  const scale = Math.min(
    1,
    format.width_px / crop.width,
    format.height_px / crop.height,
    Math.max(format.shortSide_px / Math.min(crop.width, crop.height), format.line_px / thinnest_px),
  );
  const { canvas, context } = whiteCanvas({
    width: Math.max(1, Math.floor(crop.width * scale)),
    height: Math.max(1, Math.floor(crop.height * scale)),
  });
  context.scale(scale, scale);
  context.translate(-crop.left, -crop.top);
  trace(context, fitted, "black");
  const file = await encode(canvas, format.type);
  return {
    image: new Uint8Array(await file.arrayBuffer()),
    strokes: strokes.map(({ points }) => middleLine(points, crop, scale)),
    crop,
  };
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

/** @param {Size} size */
function whiteCanvas({ width, height }) {
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
 * @param {string} type
 * @returns {Promise<Blob>}
 */
function encode(canvas, type) {
  if ("convertToBlob" in canvas) return canvas.convertToBlob({ type, quality: QUALITY });
  return new Promise((resolve, reject) => {
    const settle = (/** @type {Blob | null} */ blob) =>
      blob ? resolve(blob) : reject(new Error(`No ${type}`));
    canvas.toBlob(settle, type, QUALITY);
  });
}
