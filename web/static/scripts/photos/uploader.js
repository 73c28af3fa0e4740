import { fitPhoto, PhotoTooLarge } from "./photo.js";
import { NO_WRITING } from "./photo-help.js";
import { sentShare } from "./sent-share.js";

/**
 * @import { Connection } from "../common/connection.js"
 * @import { Entry } from "../common/contract.js"
 * @import { PhotoLimits } from "./photo.js"
 */

const MAX_NAME_LENGTH = 400;
const UPLOAD_TIMEOUT_MS = 180_000;
const PROGRESS_MS = 100;

const TEMPORARY = new Set(["rate_limited", "unavailable", "internal"]);

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
   * Upload a file after those before it.
   * @param {File} file
   * @param {string} id  of the new entry
   * @param {(share: number) => void} onProgress  the share that has been sent, 0 to 1
   * @returns {Promise<Entry>}  rejects with UploadFailed
   */
  upload(file, id, onProgress) {
    const turn = this.#last.then(() => this.#upload(file, id, onProgress));
    this.#last = turn.catch(() => {});
    return turn;
  }

  /**
   * @param {File} file
   * @param {string} id
   * @param {(share: number) => void} onProgress
   */
  async #upload(file, id, onProgress) {
    onProgress(0);
    const image = await this.#fit(file);
    const payload = { image, name: file.name.slice(0, MAX_NAME_LENGTH), id };
    const progress = setInterval(
      () => onProgress(sentShare(this.#connection.waitingBytes, image.length)),
      PROGRESS_MS,
    );
    try {
      const answer = await this.#connection.request("upload", payload, UPLOAD_TIMEOUT_MS);
      if (answer.ok) return answer.entry;
      const { code, message } = answer.error;
      throw new UploadFailed(code === "no_ink" ? NO_WRITING : message, TEMPORARY.has(code));
    } finally {
      clearInterval(progress);
    }
  }

  /** @param {File} file */
  async #fit(file) {
    try {
      const photo = await fitPhoto(file, this.#limits);
      return new Uint8Array(await photo.arrayBuffer());
    } catch (error) {
      if (error instanceof PhotoTooLarge) throw new UploadFailed(error.message, false);
      throw new UploadFailed(
        `“${file.name}” cannot be opened. Check that the file still exists.`,
        true,
      );
    }
  }
}
