import { find } from "../common/find.js";
import { ask } from "../common/modal.js";
import { CorrectionForm } from "../reading/correction-form.js";
import { copyEntries } from "./copying.js";
import { textOf, writeEntry } from "./entries.js";
import { getEntry } from "./get-entry.js";
import { LargePicture } from "./large-picture.js";
import { LargeSteps } from "./large-steps.js";
import { Neighbors } from "./neighbors.js";

/**
 * @import { Connection } from "../common/connection.js"
 * @import { Entry, Filter, Problem } from "../common/contract.js"
 *
 * @typedef {object} Actions
 * @property {() => Filter} filter  that the list shows
 * @property {(id: string) => boolean} isHidden  whether it waits to be deleted
 * @property {(id: string) => void} remove
 * @property {(id: string, text: string) => Promise<Problem | null>} correct  null: it is accepted
 * @property {(id: string) => void} onShow
 * @property {(entry: Entry | null) => void} onClose  the entry that was shown last
 */

const MOMENT = new Intl.DateTimeFormat("en", { dateStyle: "long", timeStyle: "medium" });
const GONE = "This reading is gone, or it is not yours.";
const UNEXPLAINED = "No explanation: in the picture that is kept, this digit is read otherwise.";
const WAITING = "Waiting for the server …";

/** An entry as large as fits, with its digits and its neighbors. */
export class LargeView {
  #dialog = find("#large", HTMLDialogElement);
  #told = find("#large .told", HTMLElement);
  #toasts = find("#toasts", HTMLElement);
  #connection;
  #actions;
  #neighbors;
  #steps;
  #picture;
  #form;
  /** @type {Entry | null} */ #entry = null;
  /** The entry that was deleted last, and may come back. @type {Entry | null} */ #deleted = null;

  /**
   * @param {Connection} connection
   * @param {Actions} actions
   */
  constructor(connection, actions) {
    this.#connection = connection;
    this.#actions = actions;
    this.#neighbors = new Neighbors(connection, actions.filter, actions.isHidden);
    this.#steps = new LargeSteps(this.#neighbors, {
      onStep: (entry) => this.show(entry),
      onWait: () => this.tell(WAITING),
    });
    this.#picture = new LargePicture(connection, () => this.tell(UNEXPLAINED));
    this.#form = new CorrectionForm(
      this.#dialog,
      () => (this.#entry ? textOf(this.#entry) : ""),
      (text) => actions.correct(this.#entry?.id ?? "", text),
    );
    find("#large .close", HTMLButtonElement).addEventListener("click", () => this.close());
    this.#onClick(".copy", (entry) => this.#copy(entry));
    this.#onClick(".delete", (entry) => this.#delete(entry));
    this.#followChanges();
  }

  /** The entry that can be seen. */
  get entry() {
    return this.#dialog.matches(".refused, :not([open])") ? null : this.#entry;
  }

  get isOpen() {
    return this.#dialog.open;
  }

  /** @param {Entry} entry */
  show(entry) {
    this.#form.close();
    this.tell("");
    this.#entry = entry;
    this.#neighbors.goTo(entry);
    this.#actions.onShow(entry.id);
    if (!this.isOpen) this.#open();
    this.#write(entry);
    this.#steps.look();
  }

  /** Say why an entry cannot be shown. @param {Problem} problem */
  refuse({ code, message }) {
    this.#dialog.classList.add("refused");
    this.#dialog.classList.toggle("alone", this.#entry === null);
    this.tell(code === "not_found" ? GONE : message);
    if (!this.isOpen) this.#open();
  }

  /** Show an entry again whose deletion was undone. @param {string} id */
  restore(id) {
    if (this.isOpen && this.#deleted?.id === id) this.show(this.#deleted);
  }

  close() {
    this.#dialog.close();
  }

  /** @param {string} sentence */
  tell(sentence) {
    this.#told.textContent = sentence;
  }

  async #open() {
    this.#dialog.append(this.#toasts); // others cannot be used while a dialog is open
    await ask(this.#dialog);
    document.body.append(this.#toasts);
    this.#actions.onClose(this.#entry);
  }

  /** @param {Entry} entry */
  #write(entry) {
    this.#dialog.classList.remove("refused");
    writeEntry(this.#dialog, entry);
    const time = find("#large time", HTMLTimeElement);
    time.dateTime = entry.timestamp;
    time.textContent = MOMENT.format(new Date(entry.timestamp));
    find("#large .list", HTMLElement).textContent = entry.list ?? "";
    this.#picture.show(entry);
  }

  /** @param {Entry} entry */
  async #copy(entry) {
    this.tell(await copyEntries([entry]));
  }

  /** Delete an entry, and go on to the next one. @param {Entry} entry */
  async #delete(entry) {
    this.#deleted = entry;
    this.#actions.remove(entry.id);
    const next = (await this.#neighbors.get("older")) ?? (await this.#neighbors.get("newer"));
    if (this.#entry !== entry) return;
    if (next) this.show(next);
    else this.close();
  }

  #followChanges() {
    const { socket } = this.#connection;
    socket.on("history_added", () => this.isOpen && this.#steps.look());
    socket.on("history_changed", (entry) => this.#update(entry));
    socket.on("history_removed", ({ id }) => {
      if (id === this.entry?.id) this.refuse({ code: "not_found", message: GONE });
    });
    socket.on("connect", () => this.#refresh());
  }

  /** Get what may have changed while there was no connection. */
  async #refresh() {
    this.#neighbors.forget();
    if (!this.entry) return;
    const { id } = this.entry;
    const answer = await getEntry(this.#connection, id);
    if (answer.ok) this.#update(answer.entry);
    else if (id === this.entry?.id) this.refuse(answer.error);
  }

  /** @param {Entry} entry */
  #update(entry) {
    if (entry.id !== this.entry?.id) return;
    this.#entry = entry;
    this.#write(entry);
  }

  /**
   * @param {string} selector
   * @param {(entry: Entry) => void} act
   */
  #onClick(selector, act) {
    const button = find(`#large ${selector}`, HTMLButtonElement);
    button.addEventListener("click", () => this.entry && act(this.entry));
  }
}
