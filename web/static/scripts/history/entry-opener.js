import { Late, loadStyles } from "../common/late.js";
import { getEntry } from "./get-entry.js";

/**
 * @import { Connection } from "../common/connection.js"
 * @import { Entry } from "../common/contract.js"
 * @import { Address } from "./address.js"
 * @import { Actions, LargeView } from "./large-view.js"
 */

/** Opens the entry that is in the address large. The view is loaded when one is first pointed at. */
export class EntryOpener {
  #connection;
  #address;
  /** @type {Late<typeof import("./large-view.js"), LargeView>} */ #view;

  /**
   * @param {HTMLElement} list  of links to entries
   * @param {Connection} connection
   * @param {Address} address
   * @param {Omit<Actions, "onShow">} actions
   */
  constructor(list, connection, address, actions) {
    this.#connection = connection;
    this.#address = address;
    const load = async () => {
      const styles = loadStyles("digits.css", "large-view.css");
      const [module] = await Promise.all([import("./large-view.js"), styles]);
      return module;
    };
    const listener = {
      ...actions,
      onShow: (/** @type {string} */ id) => address.open(id),
      onClose: (/** @type {Entry | null} */ entry) => {
        address.close();
        actions.onClose(entry);
      },
    };
    this.#view = new Late(connection, load, ({ LargeView }) => new LargeView(connection, listener));
    for (const type of ["pointerover", "focusin"]) {
      list.addEventListener(type, () => this.#view.get(), { once: true });
    }
    address.addEventListener("entry", () => this.#follow());
    this.#follow();
  }

  /** The view while it is open. */
  get view() {
    return this.#view.part?.isOpen ? this.#view.part : null;
  }

  /** @param {Entry} entry */
  async open(entry) {
    (await this.#view.get()).show(entry);
  }

  /** Open the entry in the address, or close the view if there is none. */
  async #follow() {
    const id = this.#address.entry;
    if (id === null) return this.view?.close();
    const view = await this.#view.get();
    if (id === view.entry?.id) return;
    const answer = await getEntry(this.#connection, id);
    if (id !== this.#address.entry) return;
    if (answer.ok) view.show(answer.entry);
    else view.refuse(answer.error);
  }
}
