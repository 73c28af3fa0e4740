import { copyAndTell } from "../common/clipboard.js";
import { find } from "../common/find.js";
import { asCopied } from "../list/numbers.js";
import { CorrectionForm } from "./correction-form.js";
import { inOneLine } from "./words.js";

/**
 * @import { Entry, Problem } from "../common/contract.js"
 */

/** A note that the reading is saved in the history, with ways to copy and to correct it. */
export class SavedNote {
  #note = find("#saved", HTMLElement);
  #text = find("#saved-text", HTMLElement);
  #form;
  /** @type {Entry | null} */ #entry = null;

  /**
   * @param {(entry: Entry, text: string) => Promise<Problem | null>} onText  null: it is accepted
   * @param {(sentence: string) => void} onTold
   */
  constructor(onText, onTold) {
    this.#form = new CorrectionForm(
      this.#note,
      () => this.#writing,
      async (text) => (this.#entry ? onText(this.#entry, text) : null),
    );
    find(".copy", HTMLButtonElement, this.#note).addEventListener("click", async () =>
      onTold(await copyAndTell(asCopied(this.#writing), inOneLine(this.#writing))),
    );
  }

  get #writing() {
    return this.#entry?.corrected ?? this.#entry?.predicted ?? "";
  }

  /** @param {Entry | null} entry  null: the reading is not saved */
  show(entry) {
    if (entry?.id !== this.#entry?.id) this.#form.close();
    this.#entry = entry;
    this.#note.hidden = !entry;
    if (entry) this.#text.textContent = state(entry);
  }
}

/** @param {Entry} entry */
function state({ corrected, predicted }) {
  if (corrected === null) return "Saved";
  return corrected === predicted ? "Kept as read" : `Corrected to ${inOneLine(corrected)}`;
}
