import { find } from "../common/find.js";
import { ask } from "../common/modal.js";
import { OpenPhoto } from "./open-photo.js";
import { cutPhoto } from "./photo-cut.js";

/** The dialog in which a photo is turned and cropped. */
export class PhotoEditor {
  #dialog = find("#editor", HTMLDialogElement);

  /**
   * @param {File} file
   * @returns {Promise<File | null>} null when cancelled; rejects with an Error that has a sentence
   *   for the user when this browser cannot open the file
   */
  async edit(file) {
    const bitmap = await decode(file);
    const photo = new OpenPhoto(bitmap);
    try {
      const answer = await ask(this.#dialog);
      return answer === "read" ? await cutPhoto(file, bitmap, photo.cut) : null;
    } finally {
      photo.close();
    }
  }
}

/**
 * The picture in a file, upright.
 * @param {File} file
 */
async function decode(file) {
  try {
    return await createImageBitmap(file);
  } catch (cause) {
    const sentence = `“${file.name}” is no picture that this browser can open.`;
    throw new Error(`${sentence} A JPEG or PNG would work.`, { cause });
  }
}
