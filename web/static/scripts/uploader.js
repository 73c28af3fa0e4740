import { fitPhoto, PhotoTooLarge } from "./photo.js";
import { uuid } from "./uuid.js";

/**
 * @import { Connection } from "./connection.js"
 * @import { Entry, Failure } from "./contract.js"
 * @import { PhotoLimits } from "./photo.js"
 *
 * @typedef {object} Listener
 * @property {(file: File) => void} onStart
 * @property {(entry: Entry) => void} onEntry
 * @property {(failure: Failure) => void} onFailure
 */

const LONGEST_NAME = 400;
const UPLOAD_TIMEOUT_MS = 180_000;

/** Uploads photos one after another, each within the server's limits. */
export class Uploader {
  #connection;
  #limits;
  #listener;
  #last = Promise.resolve();

  /**
   * @param {Connection} connection
   * @param {PhotoLimits} limits
   * @param {Listener} listener
   */
  constructor(connection, limits, listener) {
    this.#connection = connection;
    this.#limits = limits;
    this.#listener = listener;
  }

  /** @param {Iterable<File>} files */
  add(files) {
    for (const file of files) this.#last = this.#last.then(() => this.#upload(file));
  }

  /** @param {File} file */
  async #upload(file) {
    this.#listener.onStart(file);
    try {
      const photo = await fitPhoto(file, this.#limits);
      const image = new Uint8Array(await photo.arrayBuffer());
      const payload = { image, name: file.name.slice(0, LONGEST_NAME), id: uuid() };
      const answer = await this.#connection.request("upload", payload, UPLOAD_TIMEOUT_MS);
      if (answer.ok) this.#listener.onEntry(answer.entry);
      else this.#listener.onFailure(answer.error);
    } catch (error) {
      this.#listener.onFailure({ code: "unreadable_image", message: explain(error, file) });
    }
  }
}

/**
 * @param {unknown} error
 * @param {File} file
 */
function explain(error, file) {
  if (error instanceof PhotoTooLarge) return error.message;
  return `“${file.name}” cannot be opened. Is it still there?`;
}
