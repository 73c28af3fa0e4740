/**
 * @typedef {{maxBytes: number, maxPixels: number}} PhotoLimits
 */

/** More than this a phone's canvas cannot hold. */
const CANVAS_PIXELS = 16_000_000;
const JPEG_QUALITY = 0.9;

/** A photo that is too large, and that this browser cannot make smaller. */
export class PhotoTooLarge extends Error {}

/**
 * A photo within the limits: the file as it is, or a smaller JPEG of it, upright.
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
  let pixels = Math.min(maxPixels, CANVAS_PIXELS, bitmap.width * bitmap.height);
  for (;;) {
    const jpeg = await toJpeg(bitmap, pixels);
    if (jpeg.size <= maxBytes) return jpeg;
    pixels /= 2;
  }
}

/**
 * @param {ImageBitmap} bitmap
 * @param {number} pixels
 * @returns {Promise<Blob>}
 */
function toJpeg(bitmap, pixels) {
  const scale = Math.sqrt(pixels / (bitmap.width * bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.floor(bitmap.width * scale));
  canvas.height = Math.max(1, Math.floor(bitmap.height * scale));
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    const give = (/** @type {Blob | null} */ blob) => (blob ? resolve(blob) : reject());
    canvas.toBlob(give, "image/jpeg", JPEG_QUALITY);
  });
}

/**
 * @param {File} file
 * @returns {Promise<ImageBitmap | null>} null for what this browser cannot open, HEIC in most
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
  const megabytes = (/** @type {number} */ bytes) => `${Math.round(bytes / 1e5) / 10} MB`;
  return `“${file.name}” has ${megabytes(file.size)}, at most ${megabytes(maxBytes)} can be sent,
    and this browser cannot make it smaller. A JPEG or PNG would work.`;
}
