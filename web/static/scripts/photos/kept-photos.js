import { imageUrl } from "../common/image-url.js";
import { sessionStore } from "../common/storage.js";

/**
 * The photos that were read on this page, for when it is opened again.
 *
 * @import { Entry } from "../common/contract.js"
 *
 * @typedef {{id: string, name: string}} Kept  a photo that was read
 */

const NAME = "photos";

/** @param {Kept[]} photos */
export function keepPhotos(photos) {
  sessionStore.set(NAME, photos);
}

/**
 * Return the entries that the server still has of the photos, with their pictures as files.
 * @returns {AsyncGenerator<{entry: Entry, file: File}>}
 */
export async function* keptPhotos() {
  for (const { id, name } of sessionStore.get(NAME, /** @type {Kept[]} */ ([]))) {
    const entry = await entryOf(id);
    if (entry) yield { entry, file: await pictureOf(entry, name) };
  }
}

/**
 * Ask the server for an entry; resolve to null if it is gone.
 * @param {string} id
 * @returns {Promise<Entry | null>}
 */
async function entryOf(id) {
  const answer = await fetch(`/api/predictions/${id}`).catch(() => new Response());
  const { entry = null } = await answer.json().catch(() => ({}));
  return entry;
}

/**
 * Return the picture that is kept of a photo.
 * @param {Entry} entry
 * @param {string} name
 */
async function pictureOf(entry, name) {
  const picture = await fetch(imageUrl(entry)).catch(() => new Response());
  return new File([await picture.blob()], name);
}
