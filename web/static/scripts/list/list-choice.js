import { find } from "../common/find.js";
import { MAKER } from "../common/settings.js";
import { localStore } from "../common/storage.js";

/**
 * @import { Connection } from "../common/connection.js"
 * @import { Problem } from "../common/contract.js"
 *
 * @typedef {object} Listener
 * @property {() => void} onLeave  another list is about to be chosen
 * @property {() => void} onChoose  another list is chosen
 * @property {(failure: Problem) => void} onFailure
 */

const NAME = `list/${MAKER}`;
/** Characters that no name may hold: control characters, and those that turn the direction. */
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu;
const DAY = new Intl.DateTimeFormat("en", { dateStyle: "medium" });

/** The choice of the list that numbers go to: a list of today, until another is chosen or named. */
export class ListChoice {
  #choice = find("#list-name", HTMLSelectElement);
  #form = find("#list-form", HTMLFormElement);
  #field = find("#list-form input", HTMLInputElement);
  #problem = find("#list-form .problem", HTMLElement);
  #connection;
  #listener;
  #name;
  /** What the server has told. @type {string[]} */ #known = [];
  /** What the form does with the name. @type {(name: string) => unknown} */ #take = () => {};
  /** @type {HTMLElement | null} */ #opener = null;

  /**
   * @param {Connection} connection
   * @param {Listener} listener
   */
  constructor(connection, listener) {
    this.#connection = connection;
    this.#listener = listener;
    const { name, day } = localStore.get(NAME, { name: "", day: "" });
    this.#name = name && day === today() ? name : today();
    this.#offer([]);
    connection.onConnect(() => this.refresh());
    connection.socket.on("history_added", ({ list }) => list && this.#learn(list));
    connection.socket.on("history_changed", ({ list }) => list && this.#learn(list));
    connection.socket.on("list_renamed", ({ name, new_name }) => this.#follow(name, new_name));
    this.#choice.addEventListener("change", () => this.#choose(this.#choice.value));
    this.#opens(
      "#list-new",
      () => "",
      (wanted) => this.#choose(wanted),
    );
    this.#opens(
      "#list-rename",
      () => this.#name,
      (wanted) => this.#rename(wanted),
    );
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit(this.#field.value.replace(CONTROLS, "").trim());
    });
    this.#form.addEventListener("keydown", ({ key }) => key === "Escape" && this.#close());
    find(".cancel", HTMLButtonElement, this.#form).addEventListener("click", () => this.#close());
  }

  get name() {
    return this.#name;
  }

  /** Ask the server which lists there are. */
  async refresh() {
    const answer = await this.#connection.ask("get_lists", {}).catch(() => null);
    if (!answer?.ok) return;
    this.#known = answer.lists.map(({ name }) => name);
    this.#offer(this.#known);
  }

  /** Offer a list that is new. @param {string} name */
  #learn(name) {
    if (this.#known.includes(name)) return;
    this.#known.push(name);
    this.#offer(this.#known);
  }

  /**
   * Offer a list by its new name, and choose it if it was chosen by the old one.
   * @param {string} name
   * @param {string} new_name
   */
  #follow(name, new_name) {
    if (name === this.#name) {
      this.#become(new_name);
      this.#listener.onChoose();
    }
    this.refresh();
  }

  /** @param {string[]} names */
  #offer(names) {
    const offered = [...new Set([this.#name, ...names])];
    this.#choice.replaceChildren(...offered.map((name) => new Option(name, name)));
    this.#choice.value = this.#name;
  }

  /**
   * @param {string} selector  of a button that opens the form
   * @param {() => string} suggestion
   * @param {(name: string) => unknown} take
   */
  #opens(selector, suggestion, take) {
    const opener = find(selector, HTMLButtonElement);
    opener.addEventListener("click", () => {
      this.#take = take;
      this.#opener = opener;
      this.#form.hidden = false;
      this.#problem.textContent = "";
      this.#field.value = suggestion();
      this.#field.select();
    });
  }

  /** @param {string} name */
  #submit(name) {
    if (!name) {
      this.#problem.textContent = "Give the list a name.";
      return this.#field.focus();
    }
    if (name !== this.#name) this.#take(name);
    this.#close();
  }

  #close() {
    this.#form.hidden = true;
    this.#opener?.focus();
  }

  /** @param {string} name */
  #choose(name) {
    this.#listener.onLeave();
    this.#become(name);
    this.#listener.onChoose();
  }

  /** @param {string} new_name */
  async #rename(new_name) {
    const name = this.#name;
    const answer = await this.#connection.request("rename_list", { name, new_name });
    // A list without a number is on no server yet, and one whose answer was lost is renamed.
    const isDone = answer.ok || answer.error.code === "not_found";
    if (!isDone) return this.#listener.onFailure(answer.error);
    this.#follow(name, new_name);
  }

  /** @param {string} name */
  #become(name) {
    this.#name = name;
    localStore.set(NAME, { name, day: today() });
    this.#offer([...this.#choice.options].map(({ value }) => value));
  }
}

function today() {
  return DAY.format(new Date());
}
