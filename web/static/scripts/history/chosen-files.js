import { callApi } from "../common/api.js";

/**
 * @import { Failure, Problem } from "../common/contract.js"
 */

const MAX_ENTRIES = 10_000; // of one file
const TOO_MANY = `Choose at most ${MAX_ENTRIES.toLocaleString("en")}, or download all above.`;
const SILENCE = { code: "unavailable", message: "The server did not answer." };
const KEEP_MS = 60_000; // until the browser has written the file

/**
 * Download the numbers of entries, in their order, as a file.
 * @param {"csv" | "xlsx"} type
 * @param {{id: string}[]} entries
 * @returns {Promise<Problem | null>} null: it is downloaded
 */
export async function downloadEntries(type, entries) {
  if (entries.length > MAX_ENTRIES) return { code: "invalid_payload", message: TOO_MANY };
  try {
    const response = await callApi(`/api/export.${type}`, { ids: entries.map(({ id }) => id) });
    if (!response.ok) return /** @type {Failure} */ (await response.json()).error;
    keepFile(await response.blob(), nameOf(response));
    return null;
  } catch {
    return SILENCE;
  }
}

/** @param {Response} response */
function nameOf(response) {
  return /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "";
}

/**
 * @param {Blob} file
 * @param {string} name
 */
function keepFile(file, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEEP_MS);
}
