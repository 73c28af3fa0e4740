import { find } from "../common/find.js";
import { cameraTrouble, openCamera, otherCamera } from "./camera-stream.js";
import { canvasFile } from "./canvas-file.js";

/** A tab that is hidden for longer turns the camera off until it is visible again. */
const HIDDEN_MS = 20_000;

/** The live picture of the camera in its dialog, or advice and a file field if the camera fails. */
export class Viewfinder {
  #video = find("#live", HTMLVideoElement);
  #state = find("#camera-state", HTMLElement);
  #shutter = find("#shutter", HTMLButtonElement);
  #switch = find("#switch-camera", HTMLButtonElement);
  #instead = find("#camera-instead", HTMLElement);
  #file = find("#camera-instead input", HTMLInputElement);
  #closing = new AbortController();
  #filming = new AbortController();
  #hidden = 0;
  #onPhoto;
  /** @type {string | undefined} */ #other;

  /** @param {(photo: File | Promise<File>) => void} onPhoto */
  constructor(onPhoto) {
    this.#onPhoto = onPhoto;
    const { signal } = this.#closing;
    this.#shutter.addEventListener("click", () => this.#shoot(), { signal });
    this.#switch.addEventListener("click", () => this.#film(this.#other), { signal });
    this.#file.addEventListener("change", () => this.#choose(), { signal });
    document.addEventListener("visibilitychange", () => this.#watchTab(), { signal });
    this.#film();
  }

  close() {
    clearTimeout(this.#hidden);
    this.#closing.abort();
    this.#stop();
  }

  /** @param {string} [id]  of the camera */
  async #film(id) {
    this.#stop();
    const filming = new AbortController();
    this.#filming = filming;
    this.#tell("Starting the camera …");
    try {
      const stream = await openCamera(filming.signal, id);
      stream.getVideoTracks()[0]?.addEventListener("ended", () => this.#film());
      this.#video.srcObject = stream;
      await this.#video.play();
      this.#other = await otherCamera(stream);
      if (!filming.signal.aborted) this.#showLive();
    } catch (error) {
      if (!filming.signal.aborted) this.#explain(error);
    }
  }

  #stop() {
    this.#filming.abort();
    this.#video.srcObject = null;
    this.#shutter.disabled = true;
    this.#switch.hidden = true;
  }

  #showLive() {
    this.#tell("");
    this.#shutter.disabled = false;
    this.#shutter.focus();
    this.#switch.hidden = this.#other === undefined;
  }

  /** @param {unknown} error */
  #explain(error) {
    this.#stop();
    this.#tell(cameraTrouble(error));
    this.#instead.hidden = false;
    this.#file.focus();
  }

  /** @param {string} sentence */
  #tell(sentence) {
    this.#state.textContent = sentence;
    this.#instead.hidden = true;
  }

  #shoot() {
    this.#onPhoto(snapshot(this.#video));
  }

  #choose() {
    const [photo] = this.#file.files ?? [];
    this.#file.value = "";
    if (photo) this.#onPhoto(photo);
  }

  #watchTab() {
    clearTimeout(this.#hidden);
    if (document.hidden) this.#hidden = setTimeout(() => this.#stop(), HIDDEN_MS);
    else if (this.#filming.signal.aborted && this.#instead.hidden) this.#film();
  }
}

/**
 * Save the current frame of a video.
 * @param {HTMLVideoElement} video
 * @returns {Promise<File>}
 */
function snapshot(video) {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  return canvasFile(canvas, "camera.jpg", "image/jpeg");
}
