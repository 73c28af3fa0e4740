import { boundingBox } from "./geometry.js";
import { trace } from "./trace.js";

/**
 * @import { Size, Stroke } from "./geometry.js"
 *
 * @typedef {{shortSide_px: number, longSide_px: number}} Limits
 */

/** Small enough to send thirty times a second, large enough to read. @type {Limits} */
export const LIVE = { shortSide_px: 140, longSide_px: 640 };

/** What the history keeps. @type {Limits} */
export const KEPT = { shortSide_px: 1024, longSide_px: 1024 };

const MARGIN = 0.1;

/**
 * Strokes → a PNG of their surroundings, black on white whatever the theme; null when blank.
 * @param {Stroke[]} strokes
 * @param {Limits} limits
 * @returns {Promise<Uint8Array<ArrayBuffer> | null>}
 */
export async function inkPicture(strokes, limits) {
  if (strokes.length === 0) return null;
  const box = boundingBox(strokes);
  const width = box.right - box.left;
  const height = box.bottom - box.top;
  const margin = MARGIN * Math.max(width, height);
  const crop = { width: width + 2 * margin, height: height + 2 * margin };
  const scale = Math.min(
    1,
    limits.shortSide_px / Math.min(crop.width, crop.height),
    limits.longSide_px / Math.max(crop.width, crop.height),
  );
  const { canvas, context } = whiteCanvas({
    width: Math.max(1, Math.floor(crop.width * scale)),
    height: Math.max(1, Math.floor(crop.height * scale)),
  });
  context.scale(scale, scale);
  context.translate(margin - box.left, margin - box.top);
  trace(context, strokes, "black");
  const png = await toPng(canvas);
  return new Uint8Array(await png.arrayBuffer());
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
 * @returns {Promise<Blob>}
 */
function toPng(canvas) {
  if ("convertToBlob" in canvas) return canvas.convertToBlob({ type: "image/png" });
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("No PNG"))), "image/png");
  });
}
