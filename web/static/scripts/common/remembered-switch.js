import { find } from "./find.js";
import { localStore } from "./storage.js";

/** A checkbox whose state the browser remembers. Fires `change`. */
export class RememberedSwitch extends EventTarget {
  #checkbox;

  /** @param {string} name  of the setting, and the id of the checkbox */
  constructor(name) {
    super();
    this.#checkbox = find(`#${name}`, HTMLInputElement);
    this.#checkbox.checked = localStore.get(name, false);
    this.#checkbox.addEventListener("change", () => {
      localStore.set(name, this.isOn);
      this.dispatchEvent(new Event("change"));
    });
  }

  get isOn() {
    return this.#checkbox.checked;
  }

  toggle() {
    this.#checkbox.click();
  }
}
