/** More than this a phone's canvas cannot hold. */
export const CANVAS_PIXELS = 16_000_000;

const JPEG_QUALITY = 0.92;

/**
 * A file of what a canvas shows.
 * @param {HTMLCanvasElement} canvas
 * @param {string} name
 * @param {string} type
 * @returns {Promise<File>}
 */
export function canvasFile(canvas, name, type) {
  return new Promise((resolve, reject) => {
    const settle = (/** @type {Blob | null} */ blob) =>
      blob
        ? resolve(new File([blob], name, { type }))
        : reject(new Error(`This browser cannot make “${name}”.`));
    canvas.toBlob(settle, type, JPEG_QUALITY);
  });
}
