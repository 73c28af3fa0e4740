import { OWNER_HEADER } from "../common/settings.js";
import { leaveSession } from "../common/signed-out.js";

/**
 * @import { EntryAnswer } from "../common/contract.js"
 */

const STALL_MS = 60_000;

/**
 * Send a photo over HTTP, beside the socket, so that it holds up no live reading.
 * @param {Blob} photo
 * @param {Record<string, string>} fields  of the upload
 * @param {(share: number) => void} onProgress  the share of its bytes that has left, 0 to 1
 * @returns {Promise<EntryAnswer | null>} null: the connection broke, or there is a proxy without
 *   the server behind it
 */
export function postPhoto(photo, fields, onProgress) {
  const request = new XMLHttpRequest();
  request.open("POST", `/api/predictions?${new URLSearchParams(fields)}`);
  request.setRequestHeader(...OWNER_HEADER);
  request.setRequestHeader("Content-Type", photo.type || "application/octet-stream");
  request.responseType = "json";
  let stall = setTimeout(() => request.abort(), STALL_MS);
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    clearTimeout(stall);
    stall = setTimeout(() => request.abort(), STALL_MS);
    onProgress(loaded / total);
  });
  request.send(photo);
  return new Promise((resolve) => {
    request.addEventListener("loadend", () => {
      clearTimeout(stall);
      const answer = answerTo(request);
      if (answer && !answer.ok && answer.error.code === "sign_in_required") leaveSession();
      resolve(answer);
    });
  });
}

/**
 * @param {XMLHttpRequest} request  that has ended
 * @returns {EntryAnswer | null}
 */
function answerTo({ response, status }) {
  const isRefused = !response && status >= 400 && status < 500;
  if (!isRefused) return response;
  const message =
    status === 413
      ? "The photo is too large for the way to the server. Crop it."
      : `The photo was refused on the way to the server (${status}).`;
  return { ok: false, error: { code: "unavailable", message } };
}
