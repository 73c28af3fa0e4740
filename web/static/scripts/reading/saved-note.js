import { find } from "../common/find.js";
import { CorrectionForm } from "./correction-form.js";
import { inOneLine } from "./words.js";

/**
 * @import { Connection } from "../common/connection.js"
 * @import { Entry } from "../common/contract.js"
 */

/** A note that the reading is saved in the history, with a form to correct it. */
export class SavedNote {
  #note = find("#saved", HTMLElement);
  #text = find("#saved-text", HTMLElement);
  #connection;
  #form;
  /** @type {Entry | null} */ #entry = null;

  /** @param {Connection} connection */
  constructor(connection) {
    this.#connection = connection;
    const currentText = () => this.#entry?.corrected ?? this.#entry?.predicted ?? "";
    this.#form = new CorrectionForm(this.#note, currentText, (text) => this.correct(text));
  }

  /** @param {Entry | null} entry  null: the reading is not saved */
  show(entry) {
    if (entry?.id !== this.#entry?.id) this.#form.close();
    this.#entry = entry;
    this.#note.hidden = !entry;
    if (!entry) return;
    const { corrected } = entry;
    this.#text.textContent = corrected === null ? "Saved" : `Corrected to ${inOneLine(corrected)}`;
  }

  get isShown() {
    return this.#entry !== null;
  }

  /**
   * Correct the entry; resolve to null if it was accepted.
   * @param {string} text
   */
  async correct(text) {
    const entry = this.#entry;
    if (!entry) return null;
    const answer = await this.#connection.request("correct_entry", { id: entry.id, text });
    if (!answer.ok) return answer.error;
    Object.assign(entry, answer.entry); // it is also on the list of photos
    if (entry === this.#entry) this.show(entry);
    return null;
  }
}
