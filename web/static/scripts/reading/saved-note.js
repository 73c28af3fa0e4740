import { find } from "../common/find.js";
import { CorrectionForm } from "./correction-form.js";
import { inOneLine } from "./words.js";

/**
 * @import { Connection } from "../common/connection.js"
 * @import { Entry, Failure } from "../common/contract.js"
 */

/** Says that what is shown is kept in the history, and lets it be corrected. */
export class SavedNote {
  #note = find("#saved", HTMLElement);
  #text = find("#saved-text", HTMLElement);
  #connection;
  #onFailure;
  #form;
  /** @type {Entry | null} */ #entry = null;

  /**
   * @param {Connection} connection
   * @param {(failure: Failure) => void} onFailure
   */
  constructor(connection, onFailure) {
    this.#connection = connection;
    this.#onFailure = onFailure;
    const currentText = () => this.#entry?.corrected ?? this.#entry?.predicted ?? "";
    this.#form = new CorrectionForm(this.#note, currentText, (text) => this.#correct(text));
  }

  /** @param {Entry | null} entry  null: what is shown is not kept */
  show(entry) {
    if (entry?.id !== this.#entry?.id) this.#form.close();
    this.#entry = entry;
    this.#note.hidden = !entry;
    if (!entry) return;
    const { corrected } = entry;
    this.#text.textContent = corrected === null ? "Saved" : `Corrected to ${inOneLine(corrected)}`;
  }

  /** @param {string} text */
  async #correct(text) {
    const id = this.#entry?.id ?? "";
    const answer = await this.#connection.request("correct_entry", { id, text });
    if (!answer.ok) this.#onFailure(answer.error);
    else if (id === this.#entry?.id) this.show(answer.entry);
    return answer.ok;
  }
}
