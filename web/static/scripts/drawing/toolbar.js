import { find } from "../common/find.js";
import { onPress } from "../common/press.js";

/**
 * @import { DrawingPad } from "./drawing-pad.js"
 *
 * @typedef {object} Listener
 * @property {() => void} onNext
 * @property {() => void} onClear
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
  #hasChosen = false;

  /**
   * @param {DrawingPad} pad
   * @param {HTMLElement} surface  on which the pen is put down
   * @param {Listener} listener
   */
  constructor(pad, surface, { onNext, onClear, onSave, onFiles, onCamera }) {
    this.#pad = pad;
    onPress(this.#undo, () => pad.undo());
    onPress(this.#redo, () => pad.redo());
    onPress(this.#clear, onClear);
    onPress(find("#next", HTMLButtonElement), onNext);
    onPress(find("#save", HTMLButtonElement), onSave);
    find("#camera", HTMLButtonElement).addEventListener("click", onCamera);
    const upload = find("#upload", HTMLInputElement);
    upload.addEventListener("change", () => {
      onFiles([...(upload.files ?? [])]);
      upload.value = "";
    });
    for (const pen of this.#pens) {
      pen.addEventListener("change", () => {
        this.#hasChosen = true;
        this.#select(pen);
      });
    }
    surface.addEventListener("pointerdown", (event) => this.#startFine(event), { capture: true });
    pad.addEventListener("ink", () => this.#refresh());
    this.#select(find("[name=pen]:checked", HTMLInputElement));
    this.#refresh();
  }

  /** Select a pen or the eraser. @param {number} index  from the left */
  choose(index) {
    this.#pens[index]?.click();
  }

  /** Begin with the fine pen where a real pen is used, until another one is chosen. */
  #startFine(/** @type {PointerEvent} */ { pointerType }) {
    const [fine] = this.#pens;
    if (pointerType !== "pen" || this.#hasChosen || !fine) return;
    fine.checked = true;
    this.#select(fine);
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
