import { Late, loadStyles } from "../common/late.js";
import { uuid } from "../common/uuid.js";
import { WaitingPhotos } from "./waiting-photos.js";

/**
 * @import { Connection } from "../common/connection.js"
 * @import { MessageLine } from "../common/message-line.js"
 * @import { Photos } from "./photos.js"
 * @import { Terms } from "./uploader.js"
 */

/** The photos, whose scripts come when the page works. What is chosen before waits for them. */
export class LatePhotos {
  #late;
  #terms;
  #message;
  #waiting = new WaitingPhotos();
  /** Whether a file was chosen, which the scripts may still have to come for. */
  #isGiven = false;

  /**
   * @param {Connection} connection
   * @param {() => Terms} terms  how photos are to be read and kept
   * @param {MessageLine} message
   * @param {(kind: typeof Photos, waiting: WaitingPhotos) => Photos} make
   */
  constructor(connection, terms, message, make) {
    this.#terms = terms;
    this.#message = message;
    this.#late = new Late(connection, loadPhotos, ({ Photos }) => make(Photos, this.#waiting));
  }

  get isEmpty() {
    return this.#late.part?.tray.isEmpty ?? !this.#isGiven;
  }

  load() {
    this.#late.get();
  }

  /** Read files. @param {Iterable<File>} files */
  async add(files) {
    const added = [...files];
    if (!added[0]) return;
    this.#isGiven = true;
    if (this.#late.part) return this.#late.part.tray.add(added);
    this.#message.tell(`Reading “${added[0].name}” …`);
    const given = added.map((file) => ({ id: uuid(), file, ...this.#terms(), replaces: null }));
    for (const photo of given) this.#waiting.keep(photo);
    const { tray } = await this.#late.get();
    for (const photo of given) tray.take(photo);
    tray.open();
  }

  /** Take a photo with the camera. */
  async take() {
    (await this.#late.get()).take();
  }

  /** Show the paper again. */
  close() {
    this.#late.part?.tray.close();
  }
}

async function loadPhotos() {
  const styles = loadStyles("uploads.css", "photo.css");
  const [module] = await Promise.all([import("../late-parts.js"), styles]);
  return module;
}
