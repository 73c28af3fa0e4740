import { canvasFile, MAX_CANVAS_PIXELS } from "./canvas-file.js";
import { WHOLE } from "./crop-box.js";
import { paint } from "./photo-cut.js";

/**
 * @typedef {{maxBytes: number, maxPixels: number}} PhotoLimits
 */

/** The photo is too large, and this browser cannot make it smaller. */
export class PhotoTooLarge extends Error {}

/**
 * Fit a photo into the limits: the file as it is, or a smaller, upright JPEG.
 * @param {File} file
 * @param {PhotoLimits} limits
 * @returns {Promise<Blob>}
 */
export async function fitPhoto(file, limits) {
  const bitmap = await decode(file);
  if (!bitmap) {
    if (file.size <= limits.maxBytes) return file;
    throw new PhotoTooLarge(tooLarge(file, limits));
  }
  const pixels = bitmap.width * bitmap.height;
  if (file.size <= limits.maxBytes && pixels <= limits.maxPixels) return file;
  return shrink(bitmap, limits);
}

/**
 * @param {ImageBitmap} bitmap
 * @param {PhotoLimits} limits
 */
async function shrink(bitmap, { maxBytes, maxPixels }) {
  let pixels = Math.min(maxPixels, MAX_CANVAS_PIXELS, bitmap.width * bitmap.height);
  for (;;) {
    const jpeg = await toJpeg(bitmap, pixels);
    if (jpeg.size <= maxBytes) return jpeg;
    pixels /= 2;
  }
}

/**
 * @param {ImageBitmap} bitmap
 * @param {number} pixels
 */
function toJpeg(bitmap, pixels) {
  const canvas = document.createElement("canvas");
  paint(canvas, bitmap, { turns: 0, box: WHOLE }, pixels, "white");
  return canvasFile(canvas, "photo.jpg", "image/jpeg");
}

/**
 * @param {File} file
 * @returns {Promise<ImageBitmap | null>} null if this browser cannot open it, like HEIC in most
 */
async function decode(file) {
  try {
    return await createImageBitmap(file);
  } catch {
    return null;
  }
}

/**
 * @param {File} file
 * @param {PhotoLimits} limits
 */
function tooLarge(file, { maxBytes }) {
  const size_mb = Math.ceil(file.size / 1e5) / 10; // rounded up, so that it is over the limit
  return (
    `“${file.name}” has ${size_mb} MB; the limit is ${maxBytes / 1e6} MB, ` +
    "and this browser cannot make it smaller. Try a JPEG or PNG."
  );
}
