import { find } from "../common/find.js";
import { ask } from "../common/modal.js";
import { Viewfinder } from "./viewfinder.js";

/** The dialog to take a photo. */
export class Camera {
  #dialog = find("#viewfinder", HTMLDialogElement);

  /**
   * @returns {Promise<File | null>} null when cancelled
   */
  async take() {
    /** @type {File | Promise<File> | null} */
    let photo = null;
    const viewfinder = new Viewfinder((taken) => {
      photo = taken;
      this.#dialog.close();
    });
    await ask(this.#dialog);
    viewfinder.close();
    return photo;
  }
}
