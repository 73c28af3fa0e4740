import { find } from "../common/find.js";
import { THRESHOLD } from "../common/settings.js";
import { uuid } from "../common/uuid.js";
import { linesOf } from "../reading/lines.js";
import { WHOLE } from "./crop-box.js";
import { keepPhotos, keptPhotos } from "./kept-photos.js";
import { helpWith } from "./photo-help.js";
import { PhotoStage } from "./photo-stage.js";
import { UploadRow } from "./upload-row.js";
import { UploadFailed } from "./uploader.js";

/**
 * @import { Entry } from "../common/contract.js"
 * @import { DigitBoxes } from "../reading/digit-boxes.js"
 * @import { Sides } from "./crop-box.js"
 * @import { Help } from "./photo-help.js"
 * @import { Terms, Uploader } from "./uploader.js"
 * @import { Photo, WaitingPhotos } from "./waiting-photos.js"
 *
 * @typedef {object} Upload
 * @property {File} original  the photo as it was chosen
 * @property {Photo} photo  that was sent last: the original, or a cut of it
 * @property {Entry | null} entry  of its last reading
 * @property {Help | null} help  with this reading
 * @property {UploadRow} row
 *
 * @typedef {{entry: Entry, digits_only: boolean, boxes: DigitBoxes}} Shown
 *
 * @typedef {object} Listener
 * @property {(shown: Shown | null) => void} onShow  the photo that is shown; null: the paper
 * @property {(position: number | null) => void} onPoint  a digit of the photo is pointed at
 * @property {(position: number) => void} onChoose  a digit of the photo was tapped
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
  #closer = find("#uploads-close", HTMLButtonElement);
  #stage;
  #uploader;
  #terms;
  #editPhoto;
  #listener;
  /** @type {Set<Upload>} */ #uploads = new Set();
  /** @type {Upload | null} */ #shown = null;
  #waiting;

  /**
   * @param {Uploader} uploader
   * @param {WaitingPhotos} waiting  on their way, those of this page's start among them
   * @param {() => Terms} terms  how photos are to be read and kept
   * @param {(file: File, box: Sides) => Promise<File | null>} editPhoto  lets the user change
   *   the box to crop to; resolves to null when cancelled
   * @param {Listener} listener
   */
  constructor(uploader, waiting, terms, editPhoto, listener) {
    this.#uploader = uploader;
    this.#waiting = waiting;
    this.#terms = terms;
    this.#editPhoto = editPhoto;
    this.#listener = listener;
    this.#stage = new PhotoStage(listener);
    this.#opener.addEventListener("click", () => {
      this.open();
      this.#closer.focus();
    });
    this.#closer.addEventListener("click", () => this.close());
    this.#restore();
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
      const photo = { id: uuid(), file, ...this.#terms(), replaces: null };
      this.#waiting.keep(photo);
      this.take(photo);
    }
    if (!this.isEmpty) this.open();
  }

  /** Upload a photo that is already kept. @param {Photo} photo */
  take(photo) {
    const uploads = [...this.#uploads];
    if (uploads.some((upload) => upload.photo.id === photo.id)) return;
    const replaced = uploads.find(({ entry }) => entry && entry.id === photo.replaces);
    this.#send(replaced ?? this.#enter(photo), photo);
  }

  /** Go on with the photos that were here, or not yet read, when a page was left. */
  async #restore() {
    for await (const { entry, file } of keptPhotos()) {
      const photo = { ...this.#terms(), id: entry.id, file, list: entry.list, replaces: null };
      this.#keep(this.#enter(photo), entry);
    }
    for (const photo of await this.#waiting.takeOver()) this.take(photo);
    if (!this.#isOpen) this.#offer();
  }

  #offer() {
    this.#opener.hidden = this.isEmpty;
    const count = this.#uploads.size;
    this.#opener.textContent = count === 1 ? "1 photo" : `${count} photos`;
  }

  open() {
    this.#tray.hidden = false;
    this.#opener.hidden = true;
    if (this.#shown) this.#show(this.#shown);
    else this.#showAnother();
  }

  /** Show the paper again. The list is kept and can be reopened. */
  close() {
    if (!this.#isOpen) return;
    const hadFocus = this.#tray.contains(document.activeElement);
    this.#tray.hidden = true;
    this.#offer();
    if (hadFocus) (this.isEmpty ? find(".sheet", HTMLElement) : this.#opener).focus();
    this.#listener.onShow(null);
  }

  /**
   * @param {Photo} photo
   * @returns {Upload}
   */
  #enter(photo) {
    const row = new UploadRow(photo.file, {
      show: () => this.#show(upload),
      again: () => this.#send(upload, upload.photo),
      crop: () => this.#crop(upload, upload.original, WHOLE),
      trim: () => this.#crop(upload, upload.photo.file, upload.help?.crop ?? WHOLE),
      remove: () => this.#remove(upload),
    });
    /** @type {Upload} */
    const upload = { original: photo.file, photo, entry: null, help: null, row };
    this.#uploads.add(upload);
    this.#list.append(row.element);
    row.element.scrollIntoView({ block: "nearest" });
    return upload;
  }

  /**
   * @param {Upload} upload
   * @param {Photo} photo
   */
  async #send(upload, photo) {
    const { row } = upload;
    upload.photo = photo;
    row.showWaiting(photo.file);
    this.#listener.onProgress(`Reading “${photo.file.name}” …`);
    try {
      const entry = await this.#uploader.upload(photo, {
        isWanted: () => this.#uploads.has(upload),
        onProgress: (share) => row.showProgress(share),
      });
      this.#listener.onProgress("");
      if (!entry) return;
      const replaced = upload.entry?.id ?? photo.replaces;
      if (replaced && replaced !== entry.id) this.#listener.onReplaced(replaced);
      this.#keep(upload, entry);
      if (this.#isOpen && this.#uploads.has(upload)) this.#show(upload);
    } catch (error) {
      if (!(error instanceof UploadFailed)) throw error;
      if (!error.isTemporary) this.#waiting.drop(photo.id);
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
    this.#waiting.drop(entry.id);
    upload.entry = entry;
    upload.help = helpWith(entry.reading, lines);
    upload.row.showEntry(entry, lines, upload.help);
    this.#store();
  }

  /** Remember which photos are here. */
  #store() {
    const kept = [...this.#uploads].flatMap(({ entry, original: { name } }) =>
      entry ? [{ id: entry.id, name }] : [],
    );
    keepPhotos(kept);
  }

  /**
   * Let the user rotate or crop the photo, and read the result. Until then the old reading stays.
   * @param {Upload} upload
   * @param {File} whole
   * @param {Sides} box  where the crop begins
   */
  async #crop(upload, whole, box) {
    try {
      const file = await this.#editPhoto(whole, box);
      if (!file) return;
      const { entry } = upload;
      const terms = { ...this.#terms(), list: entry ? entry.list : upload.photo.list };
      const photo = { id: uuid(), file, ...terms, replaces: entry?.id ?? null };
      this.#waiting.drop(upload.photo.id);
      this.#waiting.keep(photo);
      this.#send(upload, photo);
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
    const { entry, photo } = upload;
    const { digits_only } = photo;
    this.#listener.onShow({ entry, digits_only, boxes: this.#stage.boxes });
    upload.row.element.scrollIntoView({ block: "nearest" });
  }

  /** @param {Upload} upload */
  #remove(upload) {
    const { element } = upload.row;
    const neighbor = element.nextElementSibling ?? element.previousElementSibling;
    neighbor?.querySelector("button")?.focus();
    upload.row.close();
    element.remove();
    this.#uploads.delete(upload);
    this.#waiting.drop(upload.photo.id);
    this.#store();
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
