/**
 * @import { Entry } from "./contract.js"
 */

/**
 * Return the URL of an entry's picture, in the version that a browser may cache forever.
 * @param {Pick<Entry, "image_path" | "image_version">} entry
 */
export function imageUrl({ image_path, image_version }) {
  return `${image_path}?v=${image_version}`;
}
