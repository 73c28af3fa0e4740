/**
 * @import { Entry } from "./contract.js"
 */

/**
 * Where an entry's picture is, in the version that a browser may keep for ever.
 * @param {Entry} entry
 */
export function imageUrl({ image_path, image_version }) {
  return `${image_path}?v=${image_version}`;
}
