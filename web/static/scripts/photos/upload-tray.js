import { find } from "../common/find.js";
import { THRESHOLD } from "../common/settings.js";
import { uuid } from "../common/uuid.js";
import { linesOf } from "../reading/lines.js";
import { WHOLE } from "./crop-box.js";
import { helpWith } from "./photo-help.js";
import { PhotoStage } from "./photo-stage.js";
import { UploadRow } from "./upload-row.js";
import { UploadFailed } from "./uploader.js";

/**
 * @import { Entry } from "../common/contract.js"
 * @import { Sides } from "./crop-box.js"
 * @import { Help } from "./photo-help.js"
 * @import { Uploader } from "./uploader.js"
 *
 * @typedef {object} Upload
 * @property {File} photo  as it was chosen
 * @property {File} file  to send: the photo, or a cut of it
 * @property {string} id
 * @property {Entry | null} entry  of its last reading
 * @property {Help | null} help  with this reading
 * @property {UploadRow} row
 *
 * @typedef {object} Listener
 * @property {(entry: Entry | null) => void} onShow  the photo that is shown; null: the paper
 * @property {(position: number | null) => void} onPoint  a digit of the photo is pointed at
 * @property {(sentence: string) => void} onProgress  "" when it has succeeded
 * @property {(sentence: string) => void} onFailure
 * @property {(id: string) => void} onReplaced  another entry replaces this one: the photo was
 *   cropped and read again
 */

/** The photos of this visit: a list over the paper, and one of them large. */
export class UploadTray {
  #tray = find("#uploads", HTMLElement);
  #list = find("#upload-list", HTMLElement);
  #opener = find("#uploads-open", HTMLButtonElement);
  #stage;
  #uploader;
  #editPhoto;
  #listener;
  /** @type {Set<Upload>} */ #uploads = new Set();
  /** @type {Upload | null} */ #shown = null;

  /**
   * @param {Uploader} uploader
   * @param {(file: File, box: Sides) => Promise<File | null>} editPhoto  lets the user change
   *   the box to crop to; resolves to null when cancelled
   * @param {Listener} listener
   */
  constructor(uploader, editPhoto, listener) {
    this.#uploader = uploader;
    this.#editPhoto = editPhoto;
    this.#listener = listener;
    this.#stage = new PhotoStage((position) => listener.onPoint(position));
    this.#opener.addEventListener("click", () => this.open());
    find("#uploads-close", HTMLButtonElement).addEventListener("click", () => this.close());
  }

  get isEmpty() {
    return this.#uploads.size === 0;
  }

  get #isOpen() {
    return !this.#tray.hidden;
  }

  /** Upload files, and show each when it has been read. @param {Iterable<File>} files */
  add(files) {
    for (const file of files) {
      const upload = this.#enter(file);
      this.#send(upload);
    }
    if (!this.isEmpty) this.open();
  }

  open() {
    this.#tray.hidden = false;
    this.#opener.hidden = true;
    if (this.#shown) this.#show(this.#shown);
  }

  /** Show the paper again. The list is kept and can be reopened. */
  close() {
    if (!this.#isOpen) return;
    this.#tray.hidden = true;
    this.#opener.hidden = this.isEmpty;
    const count = this.#uploads.size;
    this.#opener.textContent = count === 1 ? "1 photo" : `${count} photos`;
    this.#listener.onShow(null);
  }

  /**
   * @param {File} file
   * @returns {Upload}
   */
  #enter(file) {
    const row = new UploadRow(file, {
      show: () => this.#show(upload),
      again: () => this.#send(upload),
      crop: () => this.#crop(upload, upload.photo, WHOLE),
      trim: () => this.#crop(upload, upload.file, upload.help?.crop ?? WHOLE),
      remove: () => this.#remove(upload),
    });
    /** @type {Upload} */
    const upload = { photo: file, file, id: uuid(), entry: null, help: null, row };
    this.#uploads.add(upload);
    this.#list.append(row.element);
    row.element.scrollIntoView({ block: "nearest" });
    return upload;
  }

  /** @param {Upload} upload */
  async #send(upload) {
    const { file, id, row } = upload;
    row.showWaiting(file);
    this.#listener.onProgress(`Reading “${file.name}” …`);
    try {
      const entry = await this.#uploader.upload(file, id, (share) => row.showProgress(share));
      if (upload.entry && upload.entry.id !== entry.id) this.#listener.onReplaced(upload.entry.id);
      this.#keep(upload, entry);
      this.#listener.onProgress("");
      if (this.#isOpen && this.#uploads.has(upload)) this.#show(upload);
    } catch (error) {
      if (!(error instanceof UploadFailed)) throw error;
      row.showFailure(error.message, error.isTemporary);
      this.#listener.onFailure(error.message);
    }
  }

  /**
   * @param {Upload} upload
   * @param {Entry} entry
   */
  #keep(upload, entry) {
    const lines = linesOf(entry.reading, THRESHOLD);
    upload.entry = entry;
    upload.help = helpWith(entry.reading, lines);
    upload.row.showEntry(entry, lines, upload.help);
  }

  /**
   * Let the user rotate or crop the photo, and read the result. Until then the old reading stays.
   * @param {Upload} upload
   * @param {File} photo
   * @param {Sides} box  where the crop begins
   */
  async #crop(upload, photo, box) {
    try {
      const file = await this.#editPhoto(photo, box);
      if (!file) return;
      Object.assign(upload, { file, id: uuid() });
      this.#send(upload);
    } catch (error) {
      this.#listener.onFailure(error instanceof Error ? error.message : String(error));
    }
  }

  /** @param {Upload} upload */
  #show(upload) {
    if (!upload.entry) return;
    this.#shown = upload;
    for (const other of this.#uploads) other.row.isShown = other === upload;
    this.#stage.show(upload.entry);
    this.#listener.onShow(upload.entry);
    upload.row.element.scrollIntoView({ block: "nearest" });
  }

  /** @param {Upload} upload */
  #remove(upload) {
    upload.row.close();
    upload.row.element.remove();
    this.#uploads.delete(upload);
    if (this.#shown === upload) this.#showAnother();
    if (this.isEmpty) this.close();
  }

  /** Show the last photo that has been read, if any. */
  #showAnother() {
    const other = [...this.#uploads].findLast(({ entry }) => entry);
    if (other) return this.#show(other);
    this.#shown = null;
    this.#stage.clear();
    this.#listener.onShow(null);
  }
}
