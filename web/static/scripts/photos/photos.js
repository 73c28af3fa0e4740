import { imageUrl } from "../common/image-url.js";
import { PHOTO_LIMITS } from "../common/settings.js";
import { Camera } from "./camera.js";
import { PhotoEditor } from "./photo-editor.js";
import { UploadTray } from "./upload-tray.js";
import { Uploader } from "./uploader.js";

/**
 * @import { Connection } from "../common/connection.js"
 * @import { Entry } from "../common/contract.js"
 * @import { MessageLine } from "../common/message-line.js"
 * @import { ReadingView, Subject } from "../reading/reading-view.js"
 * @import { Sides } from "./crop-box.js"
 * @import { Shown } from "./upload-tray.js"
 * @import { Terms } from "./uploader.js"
 * @import { WaitingPhotos } from "./waiting-photos.js"
 *
 * @typedef {object} Listener
 * @property {(position: number | null) => void} onPoint  a digit of the photo is pointed at
 * @property {(position: number) => void} onChoose  a digit of the photo was tapped
 * @property {(entry: Entry | null) => void} onShow  the photo that is shown; null: the paper
 * @property {(subject: Subject | null) => void} onReading  the reading of the photo that is shown
 */

/** Everything about photos: the list of them, the camera, and the dialog to rotate and crop one. */
export class Photos {
  #connection;
  #view;
  #listener;
  /** @type {Entry | null} */ #shown = null;

  /**
   * @param {Connection} connection
   * @param {WaitingPhotos} waiting
   * @param {() => Terms} terms
   * @param {ReadingView} view
   * @param {MessageLine} message
   * @param {Listener} listener
   */
  constructor(connection, waiting, terms, view, message, listener) {
    this.#connection = connection;
    this.#view = view;
    this.#listener = listener;
    this.tray = new UploadTray(new Uploader(connection, PHOTO_LIMITS), waiting, terms, editPhoto, {
      onShow: (shown) => this.#show(shown),
      onPoint: listener.onPoint,
      onChoose: listener.onChoose,
      onProgress: (sentence) => message.tell(sentence),
      onFailure: (sentence) => message.warn(sentence),
      onReplaced: (id) => this.#connection.request("delete_entry", { id }),
    });
  }

  /** Take a photo with the camera, let the user crop it, and read it. */
  async take() {
    const photo = await new Camera().take();
    const kept = photo && (await editPhoto(photo).catch(() => photo));
    if (kept) this.tray.add([kept]);
  }

  /** @param {Shown | null} shown */
  async #show(shown) {
    this.#shown = shown?.entry ?? null;
    this.#listener.onShow(this.#shown);
    if (!shown) return this.#listener.onReading(null);
    const { entry, ...rest } = shown;
    const picture = await fetch(imageUrl(entry)).catch(() => new Response());
    const image = new Uint8Array(await picture.arrayBuffer());
    if (entry !== this.#shown) return;
    this.#listener.onReading({ id: entry.id, reading: entry.reading, image, ...rest });
    this.#view.announce();
  }
}

/**
 * @param {File} file
 * @param {Sides} [box]  where the crop begins
 */
async function editPhoto(file, box) {
  return new PhotoEditor().edit(file, box);
}
