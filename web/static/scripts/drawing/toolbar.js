import { find } from "../common/find.js";

/**
 * @import { DrawingPad } from "./drawing-pad.js"
 *
 * @typedef {object} Listener
 * @property {() => void} onSave
 * @property {(files: Iterable<File>) => void} onFiles
 * @property {() => void} onCamera
 */

/** The buttons around the pad. */
export class Toolbar {
  #undo = find("#undo", HTMLButtonElement);
  #redo = find("#redo", HTMLButtonElement);
  #clear = find("#clear", HTMLButtonElement);
  #pens = /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll("[name=pen]")]);
  #pad;

  /**
   * @param {DrawingPad} pad
   * @param {Listener} listener
   */
  constructor(pad, { onSave, onFiles, onCamera }) {
    this.#pad = pad;
    this.#undo.addEventListener("click", () => pad.undo());
    this.#redo.addEventListener("click", () => pad.redo());
    this.#clear.addEventListener("click", () => pad.clear());
    find("#save", HTMLButtonElement).addEventListener("click", onSave);
    find("#camera", HTMLButtonElement).addEventListener("click", onCamera);
    const upload = find("#upload", HTMLInputElement);
    upload.addEventListener("change", () => {
      onFiles([...(upload.files ?? [])]);
      upload.value = "";
    });
    for (const pen of this.#pens) pen.addEventListener("change", () => this.#select(pen));
    pad.addEventListener("ink", () => this.#refresh());
    this.#select(find("[name=pen]:checked", HTMLInputElement));
    this.#refresh();
  }

  /** Select a pen or the eraser. @param {number} index  from the left */
  choose(index) {
    this.#pens[index]?.click();
  }

  /** @param {HTMLInputElement} pen */
  #select({ value }) {
    this.#pad.tool = value === "eraser" ? "eraser" : "pen";
    if (value !== "eraser") this.#pad.penWidth_px = Number(value);
  }

  /** Disable the buttons that would do nothing. */
  #refresh() {
    this.#undo.disabled = !this.#pad.canUndo;
    this.#redo.disabled = !this.#pad.canRedo;
    this.#clear.disabled = this.#pad.isBlank;
  }
}
