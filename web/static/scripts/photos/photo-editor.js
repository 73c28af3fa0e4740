import { find } from "../common/find.js";
import { ask } from "../common/modal.js";
import { WHOLE } from "./crop-box.js";
import { OpenPhoto } from "./open-photo.js";
import { cutPhoto } from "./photo-cut.js";

/**
 * @import { Sides } from "./crop-box.js"
 */

/** The dialog to rotate and crop a photo. */
export class PhotoEditor {
  #dialog = find("#editor", HTMLDialogElement);

  /**
   * @param {File} file
   * @param {Sides} box  where the crop begins
   * @returns {Promise<File | null>} null when cancelled; rejects with an Error, whose message is
   *   for the user, when this browser cannot open the file
   */
  async edit(file, box = WHOLE) {
    const bitmap = await decode(file);
    const answer = ask(this.#dialog);
    const photo = new OpenPhoto(bitmap, box);
    try {
      return (await answer) === "read" ? await cutPhoto(file, bitmap, photo.cut) : null;
    } finally {
      photo.close();
    }
  }
}

/**
 * Decode a picture, upright.
 * @param {File} file
 */
async function decode(file) {
  try {
    return await createImageBitmap(file);
  } catch (cause) {
    const sentence = `This browser cannot open “${file.name}” as a picture.`;
    throw new Error(`${sentence} Try a JPEG or PNG.`, { cause });
  }
}
