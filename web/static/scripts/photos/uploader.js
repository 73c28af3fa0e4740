import { fitPhoto, PhotoTooLarge } from "./photo.js";
import { sentShare } from "./sent-share.js";

/**
 * @import { Connection } from "../common/connection.js"
 * @import { Entry } from "../common/contract.js"
 * @import { PhotoLimits } from "./photo.js"
 */

const LONGEST_NAME = 400;
const UPLOAD_TIMEOUT_MS = 180_000;
const PROGRESS_MS = 100;

const PASSING = new Set(["rate_limited", "unavailable", "internal"]);

/** Why a file was not read. The message is fit for the user. */
export class UploadFailed extends Error {
  /**
   * @param {string} sentence
   * @param {boolean} isPassing  it may be read if it is tried again
   */
  constructor(sentence, isPassing) {
    super(sentence);
    this.isPassing = isPassing;
  }
}

/** Uploads photos one after another, each within the server's limits. */
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
   * Uploads a file when those before it are done.
   * @param {File} file
   * @param {string} id  of the entry it will be
   * @param {(share: number) => void} onProgress  how much of it has left this machine, 0 to 1
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
    const payload = { image, name: file.name.slice(0, LONGEST_NAME), id };
    const progress = setInterval(
      () => onProgress(sentShare(this.#connection.waitingBytes, image.length)),
      PROGRESS_MS,
    );
    try {
      const answer = await this.#connection.request("upload", payload, UPLOAD_TIMEOUT_MS);
      if (answer.ok) return answer.entry;
      throw new UploadFailed(answer.error.message, PASSING.has(answer.error.code));
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
      throw new UploadFailed(`“${file.name}” cannot be opened. Is it still there?`, true);
    }
  }
}
