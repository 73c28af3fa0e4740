import { find } from "../common/find.js";
import { imageUrl } from "../common/image-url.js";
import { ask } from "../common/modal.js";
import { THRESHOLD } from "../common/settings.js";
import { rowsOf, textOf } from "./cells.js";
import { CheckTable } from "./check-table.js";

/**
 * @import { Entry, Problem } from "../common/contract.js"
 * @import { Row } from "./cells.js"
 */

/** A photo beside the cells read from it, to be checked by keyboard. */
export class CheckDialog {
  #dialog = find("#check", HTMLDialogElement);
  #photo = find("#check img", HTMLImageElement);
  #mark = find("#check .mark", HTMLElement);
  #problem = find("#check .problem", HTMLElement);
  #left = find("#check-left", HTMLElement);
  #done = find("#check-done", HTMLButtonElement);
  #table;
  #correct;
  #onFailure;
  /** @type {Entry | null} */ #entry = null;

  /**
   * @param {(id: string, text: string) => Promise<Problem | null>} correct  null: accepted
   * @param {(failure: Problem) => void} onFailure  after the dialog was closed
   */
  constructor(correct, onFailure) {
    this.#correct = correct;
    this.#onFailure = onFailure;
    this.#table = new CheckTable({
      onRow: ({ box }) => this.#show(box),
      onAccepted: () => this.#save(),
      onProblem: (problem) => this.#tell(problem),
      onEnd: () => this.#done.focus(),
    });
    this.#done.addEventListener("click", (event) => {
      if (!this.#table.isValid()) event.preventDefault();
    });
  }

  /**
   * Let the user check an entry; resolve when the dialog is closed.
   * @param {Entry} entry
   */
  async check(entry) {
    this.#entry = entry;
    this.#photo.src = imageUrl(entry);
    this.#tell("");
    const closed = ask(this.#dialog);
    this.#table.show(rowsOf(entry, THRESHOLD));
    this.#count();
    if ((await closed) === "done") this.#save();
  }

  /** Mark a row on the photo. @param {Row["box"]} box */
  #show(box) {
    this.#mark.hidden = !box;
    for (const [side, share] of Object.entries(box ?? {})) {
      this.#mark.style.setProperty(`--${side}`, `${100 * share}%`);
    }
    if (box) this.#mark.scrollIntoView({ block: "center" });
  }

  async #save() {
    this.#count();
    const { id } = /** @type {Entry} */ (this.#entry);
    const failure = await this.#correct(id, textOf(this.#table.rows));
    if (failure && this.#dialog.open) this.#tell(failure.message);
    else if (failure) this.#onFailure(failure);
  }

  #count() {
    const { unsure } = this.#table;
    this.#left.textContent = unsure === 0 ? "All cells are sure or checked." : `${unsure} to check`;
  }

  /** @param {string} problem */
  #tell(problem) {
    this.#problem.textContent = problem;
  }
}
