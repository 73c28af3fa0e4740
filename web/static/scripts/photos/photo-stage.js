import { find } from "../common/find.js";
import { imageUrl } from "../common/image-url.js";
import { DigitBoxes } from "../reading/digit-boxes.js";

/**
 * @import { Entry } from "../common/contract.js"
 * @import { Listener } from "../reading/digit-boxes.js"
 */

/** A photo in place of the paper, with boxes over its digits. */
export class PhotoStage {
  #frame = find("#uploads .frame", HTMLElement);
  #photo = find("#photo", HTMLImageElement);
  boxes;

  /** @param {Listener} listener */
  constructor(listener) {
    this.boxes = new DigitBoxes(find("#photo-boxes", HTMLElement), listener);
  }

  /** @param {Entry} entry */
  show(entry) {
    const { reading } = entry;
    const aspect = reading.size[0] / reading.size[1];
    this.#photo.src = imageUrl(entry);
    this.#frame.style.setProperty("--aspect", String(aspect));
    this.#frame.hidden = false;
    this.boxes.show(reading, { left: 0, top: 0, width: aspect, height: 1 });
  }

  clear() {
    this.#frame.hidden = true;
    this.boxes.clear();
  }
}
