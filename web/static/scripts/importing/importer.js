import { OWNER_HEADER } from "../common/settings.js";
import { leaveSession } from "../common/signed-out.js";

/**
 * @import { Connection } from "../common/connection.js"
 * @import { ImportAnswer, RefusedFile } from "../common/contract.js"
 * @import { Cut, Part } from "./parts.js"
 *
 * @typedef {object} Outcome
 * @property {number} added
 * @property {number} known  there already
 * @property {RefusedFile[]} refused
 * @property {number} rest  not imported
 * @property {string} failure  why; "": it was stopped, or nothing is left
 */

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;
/** What may pass by itself, by its code: then the same part is sent again. */
const PASSING = new Set(["rate_limited", "unavailable"]);
const NOTHING = { added: 0, known: 0, refused: [] };
const SILENCE = { code: "unavailable", message: "The server did not answer." };

/** Sends parts one after another, each until the server has taken it. */
export class Importer {
  #connection;
  #parts;
  #onProgress;
  /** @type {Outcome} */ #outcome;
  #isStopped = false;

  /**
   * @param {Connection} connection
   * @param {Cut} chosen
   * @param {(done: number, total: number) => void} onProgress
   */
  constructor(connection, { parts, refused }, onProgress) {
    this.#outcome = { added: 0, known: 0, refused: [...refused], rest: 0, failure: "" };
    this.#connection = connection;
    this.#parts = parts;
    this.#onProgress = onProgress;
  }

  /** Stop after the part that is on its way. */
  stop() {
    this.#isStopped = true;
  }

  /** @returns {Promise<Outcome>} */
  async run() {
    let done = this.#outcome.refused.length;
    const total = this.#parts.reduce((sum, { count }) => sum + count, done);
    for (const part of this.#parts) {
      this.#onProgress(done, total);
      if (this.#isStopped || !(await this.#import(part))) break;
      done += part.count;
    }
    const { added, known, refused } = this.#outcome;
    return { ...this.#outcome, rest: total - added - known - refused.length };
  }

  /**
   * @param {Part} part
   * @returns {Promise<boolean>} whether it was taken
   */
  async #import(part) {
    const zip = await part.zip();
    let earlier = 0; // added in tries that an error ended
    for (let wait_ms = FIRST_RETRY_MS; ; wait_ms = Math.min(2 * wait_ms, LAST_RETRY_MS)) {
      const answer = await this.#post(zip);
      const { added, known, refused } = answer?.ok ? answer : NOTHING;
      const error = answer ? answer.error : SILENCE;
      this.#outcome.added += added;
      if (this.#isStopped || !error || !PASSING.has(error.code)) {
        this.#outcome.known += Math.max(0, known - earlier);
        this.#outcome.refused.push(...refused);
        this.#outcome.failure = error?.message ?? "";
        return !error;
      }
      earlier += added;
      await new Promise((resolve) => setTimeout(resolve, wait_ms));
    }
  }

  /**
   * @param {Blob} zip
   * @returns {Promise<ImportAnswer | null>} null: no answer of the server came
   */
  async #post(zip) {
    await this.#connection.connected();
    const headers = { ...Object.fromEntries([OWNER_HEADER]), "Content-Type": "application/zip" };
    const request = fetch("/api/import", { method: "POST", headers, body: zip });
    const response = await request.catch(() => null);
    if (response?.status === 401) leaveSession();
    return response?.json().catch(() => refusalOf(response.status)) ?? null;
  }
}

/**
 * Return the answer of a proxy: a refusal, or null if the server is away.
 * @param {number} status
 * @returns {ImportAnswer | null}
 */
function refusalOf(status) {
  if (status < 400 || status >= 500) return null;
  const message = `The ZIP was refused on the way to the server (${status}).`;
  return { ok: false, error: { code: "refused", message } };
}
