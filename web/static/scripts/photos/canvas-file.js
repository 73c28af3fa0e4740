/** The canvas of a phone cannot hold more pixels. */
export const MAX_CANVAS_PIXELS = 16_000_000;

const JPEG_QUALITY = 0.92;

/**
 * Encode a canvas as a file.
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
        : reject(new Error(`This browser cannot create “${name}”.`));
    canvas.toBlob(settle, type, JPEG_QUALITY);
  });
}
