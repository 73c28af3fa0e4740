import { RecordStore } from "../common/record-store.js";
import { OWNER } from "../common/settings.js";

/**
 * @import { Terms } from "./uploader.js"
 *
 * A photo to be read: the id of its entry, and of the entry that it takes the place of.
 * @typedef {Terms & {id: string, file: File, replaces: string | null}} Photo
 *
 * A photo that the server has not acknowledged; `owner` is the account that has chosen it, or "".
 * @typedef {Photo & {owner: string, chosen_ms: number}} WaitingPhoto
 */

/** Photos to be read, each in one page's care. They outlive the page and the browser. */
export class WaitingPhotos {
  /** @type {RecordStore<WaitingPhoto>} */ #store = new RecordStore("photos");
  /** What ends the care for a photo. @type {Map<string, () => void>} */ #releases = new Map();

  /** @param {Photo} photo */
  async keep(photo) {
    await this.#store.put({ ...photo, owner: OWNER, chosen_ms: Date.now() });
    await this.#care(photo.id);
  }

  /** Forget a photo: it is read, or not wanted. @param {string} id */
  async drop(id) {
    await this.#store.deleteIf(id, () => true);
    this.#releases.get(id)?.();
    this.#releases.delete(id);
  }

  /** Return the photos of pages that are gone, and care for them. */
  async takeOver() {
    const waiting = (await this.#store.all()).filter(({ owner }) => owner === OWNER);
    const free = [];
    for (const photo of waiting.toSorted((one, other) => one.chosen_ms - other.chosen_ms)) {
      if (await this.#care(photo.id)) free.push(photo);
    }
    return free;
  }

  /**
   * Care for a photo until it is dropped or the page is gone. Without the Web Locks API, which plain
   * http lacks and a browser without cookies forbids, two pages may send it; the server keeps it
   * once.
   * @param {string} id
   * @returns {Promise<boolean>} whether no other page does
   */
  #care(id) {
    if (!navigator.locks) return Promise.resolve(true);
    return new Promise((resolve) => {
      const hold = (/** @type {Lock | null} */ lock) => {
        resolve(lock !== null);
        return lock && new Promise((release) => this.#releases.set(id, () => release(null)));
      };
      navigator.locks
        .request(`photo/${id}`, { ifAvailable: true }, hold)
        .catch(() => resolve(true));
    });
  }
}
