import { mayPass } from "../common/failures.js";
import { fitPhoto, PhotoTooLarge } from "./photo.js";
import { NO_WRITING } from "./photo-help.js";
import { postPhoto } from "./post-photo.js";

/**
 * @import { Connection } from "../common/connection.js"
 * @import { Entry } from "../common/contract.js"
 * @import { PhotoLimits } from "./photo.js"
 * @import { Photo } from "./waiting-photos.js"
 *
 * How a photo is read, and the list that it goes to.
 * @typedef {{digits_only: boolean, list: string | null}} Terms
 *
 * @typedef {object} Listener
 * @property {() => boolean} isWanted  asked before it is sent
 * @property {(share: number) => void} onProgress  the share that has been sent, 0 to 1
 */

const MAX_NAME_LENGTH = 400;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;

/** The upload failed. The message is for the user. */
export class UploadFailed extends Error {
  /**
   * @param {string} sentence
   * @param {boolean} isTemporary  another try may succeed
   */
  constructor(sentence, isTemporary) {
    super(sentence);
    this.isTemporary = isTemporary;
  }
}

/** A queue of uploads, one after another, fitted to the server's limits. */
export class Uploader {
  #connection;
  #limits;
  /** @type {Promise<unknown>} */ #last = Promise.resolve();

  /**
   * @param {Connection} connection
   * @param {PhotoLimits} limits
   */
  constructor(connection, limits) {
    this.#connection = connection;
    this.#limits = limits;
  }

  /**
   * Upload a photo after those before it.
   * @param {Photo} photo
   * @param {Listener} listener
   * @returns {Promise<Entry | null>}  null: it is not wanted; rejects with UploadFailed
   */
  upload(photo, listener) {
    const turn = this.#last.then(() =>
      listener.isWanted() ? this.#upload(photo, listener) : null,
    );
    this.#last = turn.catch(() => {});
    return turn;
  }

  /**
   * @param {Photo} photo
   * @param {Listener} listener
   */
  async #upload({ file, id, digits_only, list }, { onProgress }) {
    onProgress(0);
    const fitted = await this.#fit(file);
    const name = file.name.slice(0, MAX_NAME_LENGTH);
    const fields = { id, name, digits_only: String(digits_only), ...(list && { list }) };
    const answer = await this.#post(fitted, fields, onProgress);
    if (answer.ok) return answer.entry;
    const { code, message } = answer.error;
    throw new UploadFailed(code === "no_ink" ? NO_WRITING : message, mayPass(code));
  }

  /**
   * Send a photo until the server answers: an upload with an id may be repeated.
   * @param {Blob} photo
   * @param {Record<string, string>} fields
   * @param {(share: number) => void} onProgress
   */
  async #post(photo, fields, onProgress) {
    for (let wait_ms = FIRST_RETRY_MS; ; wait_ms = Math.min(2 * wait_ms, LAST_RETRY_MS)) {
      await this.#connection.connected();
      const answer = await postPhoto(photo, fields, onProgress);
      if (answer) return answer;
      await new Promise((resolve) => setTimeout(resolve, wait_ms));
    }
  }

  /** @param {File} file */
  async #fit(file) {
    if (file.size === 0) {
      const sentence = `“${file.name}” is empty and cannot be read as a picture.`;
      throw new UploadFailed(sentence, false);
    }
    try {
      const photo = await fitPhoto(file, this.#limits);
      await photo.slice(0, 1).arrayBuffer(); // the file may be gone
      return photo;
    } catch (error) {
      if (error instanceof PhotoTooLarge) throw new UploadFailed(error.message, false);
      throw new UploadFailed(
        `“${file.name}” cannot be opened. Check that the file still exists.`,
        true,
      );
    }
  }
}
