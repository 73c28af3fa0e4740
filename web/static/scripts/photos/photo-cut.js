import { canvasFile, MAX_CANVAS_PIXELS } from "./canvas-file.js";

/**
 * Rotated and cropped photos. A cut rotates a photo to the right by quarter turns, then crops it to
 * the box.
 *
 * @import { Sides } from "./crop-box.js"
 * @import { Size } from "../drawing/geometry.js"
 *
 * @typedef {{turns: number, box: Sides}} Cut
 *
 * @typedef {object} Format
 * @property {string} type
 * @property {RegExp} fits  file names of this type
 * @property {string} extension
 * @property {string} paper  the color under transparent parts
 */

/** @type {Format} */
const JPEG = { type: "image/jpeg", fits: /\.jpe?g$/i, extension: ".jpg", paper: "white" };
/** @type {Format} */
const PNG = { type: "image/png", fits: /\.png$/i, extension: ".png", paper: "transparent" };

/**
 * Cut a photo: a PNG stays a PNG, everything else becomes a JPEG.
 * @param {File} file  names the new file
 * @param {ImageBitmap} bitmap
 * @param {Cut} cut
 * @returns {Promise<File>}
 */
export function cutPhoto(file, bitmap, cut) {
  const format = file.type === PNG.type ? PNG : JPEG;
  const canvas = document.createElement("canvas");
  paint(canvas, bitmap, cut, MAX_CANVAS_PIXELS, format.paper);
  return canvasFile(canvas, nameFor(file, format), format.type);
}

/**
 * Paint the cut photo on a canvas, scaled down if it has too many pixels.
 * @param {HTMLCanvasElement} canvas
 * @param {ImageBitmap} bitmap
 * @param {Cut} cut
 * @param {number} maxPixels
 * @param {string} paper
 */
export function paint(canvas, bitmap, cut, maxPixels, paper = "transparent") {
  const turned = turnedSize(bitmap, cut.turns);
  const { left, top, width, height } = keptPixels(bitmap, cut);
  const scale = Math.min(1, Math.sqrt(maxPixels / (width * height)));
  canvas.width = Math.max(1, Math.floor(width * scale));
  canvas.height = Math.max(1, Math.floor(height * scale));
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = paper;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(canvas.width / width, canvas.height / height);
  context.translate(turned.width / 2 - left, turned.height / 2 - top);
  context.rotate((cut.turns * Math.PI) / 2);
  context.drawImage(bitmap, -bitmap.width / 2, -bitmap.height / 2);
}

/**
 * Return the box in whole pixels of the rotated photo.
 * @param {Size} photo
 * @param {Cut} cut
 */
export function keptPixels(photo, { turns, box }) {
  const { width, height } = turnedSize(photo, turns);
  const left = Math.min(width - 1, Math.round(box.left * width));
  const top = Math.min(height - 1, Math.round(box.top * height));
  return {
    left,
    top,
    width: Math.max(1, Math.round(box.right * width) - left),
    height: Math.max(1, Math.round(box.bottom * height) - top),
  };
}

/**
 * @param {Size} photo
 * @param {number} turns
 * @returns {Size}
 */
function turnedSize({ width, height }, turns) {
  return turns % 2 === 0 ? { width, height } : { width: height, height: width };
}

/**
 * @param {File} file
 * @param {Format} format
 */
function nameFor({ name }, { fits, extension }) {
  return fits.test(name) ? name : name.replace(/\.[^.]*$/, "") + extension;
}
