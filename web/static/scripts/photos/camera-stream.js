/** Cameras of this device, and advice when they fail. */

/** The rear camera if there are several. */
const PREFERRED = { facingMode: "environment", width: { ideal: 1920 } };

/** @type {Record<string, string>} */
const TROUBLES = {
  NotAllowedError:
    "This page may not use the camera. Allow it in the address bar, then open this again.",
  SecurityError: "Browsers allow the camera only on secure pages (https). Choose a photo instead:",
  NotFoundError: "No camera was found. Connect one and open this again, or choose a photo:",
  OverconstrainedError: "This camera is no longer connected. Open this again to use another one.",
  NotReadableError: "Another program uses the camera. Close it, then open this again.",
};

/**
 * Open a camera until the signal aborts, which may happen while the user is asked for permission.
 * @param {AbortSignal} signal
 * @param {string} [id]
 * @returns {Promise<MediaStream>}
 */
export async function openCamera(signal, id) {
  // Missing on pages that are not secure.
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
 * Return the id of the camera after the open one; undefined if there is no other.
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
 * Explain why a camera failed.
 * @param {unknown} error
 * @returns {string} a sentence for the user that says what to do
 */
export function cameraTrouble(error) {
  const known = error instanceof DOMException ? TROUBLES[error.name] : undefined;
  return known ?? "The camera does not start. Open this again, or choose a photo:";
}
