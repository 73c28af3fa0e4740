import { find } from "../common/find.js";
import { imageUrl } from "../common/image-url.js";
import { writeLines } from "../reading/line-text.js";
import { areUncertain, certaintyInWords } from "../reading/lines.js";

/**
 * @import { Entry } from "../common/contract.js"
 * @import { LineReading } from "../reading/lines.js"
 * @import { Help } from "./photo-help.js"
 *
 * @typedef {object} Actions
 * @property {() => void} show
 * @property {() => void} again
 * @property {() => void} crop
 * @property {() => void} trim  crop it to its numbers
 * @property {() => void} remove
 */

/**
 * A photo on the list of uploads: its name, its progress, the reading or the failure, and what to
 * do about a bad reading.
 */
export class UploadRow {
  element;
  #progress;
  #thumbnail;
  /** The URL of a thumbnail of the file, until it is read. */
  #url = "";

  /**
   * @param {File} file
   * @param {Actions} actions
   */
  constructor(file, actions) {
    const template = find("#upload-row", HTMLTemplateElement);
    const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    this.element = find("li", HTMLLIElement, copy);
    this.#progress = find("progress", HTMLProgressElement, copy);
    this.#thumbnail = find("img", HTMLImageElement, copy);
    this.#thumbnail.addEventListener("error", () => this.element.classList.add("unseen"));
    for (const [name, act] of Object.entries(actions)) {
      find(`.${name}`, HTMLButtonElement, copy).addEventListener("click", act);
    }
    this.showWaiting(file);
  }

  /** @param {File} file */
  showWaiting(file) {
    this.close();
    this.element.classList.remove("unseen");
    this.#url = URL.createObjectURL(file);
    this.#thumbnail.src = this.#url;
    this.#write(".name", file.name);
    this.#become("waiting", "Waiting");
  }

  /** @param {number} share  that has been sent, 0 to 1 */
  showProgress(share) {
    this.#progress.value = share;
    this.#become("sending", share < 1 ? "Sending" : "Reading");
  }

  /**
   * @param {Entry} entry
   * @param {LineReading[]} lines  of its reading
   * @param {Help | null} help
   */
  showEntry(entry, lines, help) {
    this.element.classList.remove("unseen");
    this.#thumbnail.src = imageUrl(entry);
    this.#become("read", "");
    const state = this.#find(".state");
    writeLines(state, lines);
    state.append(` · ${certaintyInWords(lines)}`);
    this.element.classList.toggle("uncertain", areUncertain(lines));
    this.#write(".advice", help?.sentence ?? "");
    this.#find(".trim").hidden = !help?.crop;
  }

  /**
   * @param {string} sentence
   * @param {boolean} isTemporary  another try may succeed
   */
  showFailure(sentence, isTemporary) {
    this.#become("failed", sentence);
    this.element.classList.toggle("temporary", isTemporary);
  }

  /** @param {boolean} isShown */
  set isShown(isShown) {
    find(".show", HTMLButtonElement, this.element).ariaPressed = String(isShown);
  }

  /** Release the file's thumbnail. */
  close() {
    URL.revokeObjectURL(this.#url);
  }

  /**
   * @param {"waiting" | "sending" | "read" | "failed"} state
   * @param {string} words
   */
  #become(state, words) {
    this.element.dataset.state = state;
    this.#write(".state", words);
    this.#write(".advice", "");
    this.#find(".trim").hidden = true;
    find(".show", HTMLButtonElement, this.element).disabled = state !== "read";
  }

  /**
   * @param {string} selector
   * @param {string} text
   */
  #write(selector, text) {
    this.#find(selector).textContent = text;
  }

  /** @param {string} selector */
  #find(selector) {
    return find(selector, HTMLElement, this.element);
  }
}
