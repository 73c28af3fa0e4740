/** The cameras of this machine, and what to do when there is trouble with them. */

/** Of several, the one that looks away from who holds it. */
const PREFERRED = { facingMode: "environment", width: { ideal: 1920 } };

/** @type {Record<string, string>} */
const TROUBLES = {
  NotAllowedError:
    "The camera is not allowed here. Allow it beside the page’s address, then open this again.",
  SecurityError:
    "Browsers show the camera only on secure pages (https). A photo can be given another way:",
  NotFoundError: "No camera was found. Connect one and open this again, or give a photo:",
  OverconstrainedError: "This camera is gone. Open this again to use another one.",
  NotReadableError: "The camera is busy. Close what else uses it, then open this again.",
};

/**
 * Opens a camera until the signal aborts, be it while the user is still asked for leave.
 * @param {AbortSignal} signal
 * @param {string} [id]
 * @returns {Promise<MediaStream>}
 */
export async function openCamera(signal, id) {
  // Browsers leave it out of pages that are not secure.
  if (!("mediaDevices" in navigator)) throw new DOMException("", "SecurityError");
  const video = id ? { deviceId: { exact: id }, width: PREFERRED.width } : PREFERRED;
  const stream = await navigator.mediaDevices.getUserMedia({ video });
  const stop = () => {
    for (const track of stream.getTracks()) track.stop();
  };
  if (signal.aborted) stop();
  signal.throwIfAborted();
  signal.addEventListener("abort", stop);
  return stream;
}

/**
 * The camera after the one that is open, by its id; undefined where there is no other.
 * @param {MediaStream} stream
 * @returns {Promise<string | undefined>}
 */
export async function otherCamera(stream) {
  const open = stream.getVideoTracks()[0]?.getSettings().deviceId;
  const devices = await navigator.mediaDevices.enumerateDevices();
  const ids = devices.filter(({ kind }) => kind === "videoinput").map(({ deviceId }) => deviceId);
  const other = ids[(ids.indexOf(open ?? "") + 1) % ids.length];
  return other === open ? undefined : other;
}

/**
 * @param {unknown} error
 * @returns {string} a sentence for the user that says what to do
 */
export function cameraTrouble(error) {
  const known = error instanceof DOMException ? TROUBLES[error.name] : undefined;
  return known ?? "The camera does not start. Open this again, or give a photo:";
}
