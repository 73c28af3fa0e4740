import { find } from "./find.js";

/**
 * @import { DrawingPad } from "./drawing-pad.js"
 *
 * @typedef {object} Listener
 * @property {() => void} onSave
 * @property {(files: Iterable<File>) => void} onFiles
 */

/** The buttons around the pad, and the keys that do the same. */
export class Toolbar {
  #undo = find("#undo", HTMLButtonElement);
  #redo = find("#redo", HTMLButtonElement);
  #clear = find("#clear", HTMLButtonElement);
  #pad;

  /**
   * @param {DrawingPad} pad
   * @param {Listener} listener
   */
  constructor(pad, { onSave, onFiles }) {
    this.#pad = pad;
    this.#undo.addEventListener("click", () => pad.undo());
    this.#redo.addEventListener("click", () => pad.redo());
    this.#clear.addEventListener("click", () => pad.clear());
    find("#save", HTMLButtonElement).addEventListener("click", onSave);
    addEventListener("keydown", (event) => this.#press(event));
    for (const input of [find("#upload", HTMLInputElement), find("#camera", HTMLInputElement)]) {
      input.addEventListener("change", () => {
        onFiles([...(input.files ?? [])]);
        input.value = "";
      });
    }
    for (const pen of document.querySelectorAll("[name=pen]")) {
      pen.addEventListener("change", () => this.#choosePen());
    }
    pad.addEventListener("ink", () => this.#refresh());
    this.#choosePen();
    this.#refresh();
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    if (key === "y" || event.shiftKey) this.#pad.redo();
    else this.#pad.undo();
  }

  #choosePen() {
    this.#pad.penWidth_px = Number(find("[name=pen]:checked", HTMLInputElement).value);
  }

  /** Only what can be done can be pressed. */
  #refresh() {
    this.#undo.disabled = !this.#pad.canUndo;
    this.#redo.disabled = !this.#pad.canRedo;
    this.#clear.disabled = this.#pad.isBlank;
  }
}
