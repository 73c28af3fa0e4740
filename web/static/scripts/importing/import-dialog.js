import { find } from "../common/find.js";
import { PHOTO_LIMITS } from "../common/settings.js";
import { countInWords } from "../history/entries.js";
import { Importer } from "./importer.js";
import { cut, sourcesOf } from "./parts.js";
import { NoZip } from "./zip-reader.js";

/**
 * @import { Connection } from "../common/connection.js"
 * @import { Outcome } from "./importer.js"
 */

const MAX_SHOWN = 50; // refused files
const NOTHING = "There is nothing to import: no reading and no picture.";
const GONE = "The file cannot be opened. Check that it still exists.";

/** The dialog in which a ZIP or a folder is chosen, its progress, and what came of it. */
export class ImportDialog {
  #connection;
  #dialog = find("#import-dialog", HTMLDialogElement);
  #progress = find("#import-dialog progress", HTMLProgressElement);
  #state = find("#import-state", HTMLElement);
  #outcome = find("#import-outcome", HTMLElement);
  #refused = find("#import-refused", HTMLDetailsElement);
  #close = find("#import-close", HTMLButtonElement);
  /** While it runs. @type {Importer | null} */ #importer = null;

  /** @param {Connection} connection */
  constructor(connection) {
    this.#connection = connection;
    for (const input of this.#dialog.querySelectorAll("input")) {
      input.addEventListener("change", () => this.#choose(input));
    }
    const folder = find("#import-folder", HTMLInputElement);
    folder.parentElement?.toggleAttribute("hidden", !("webkitdirectory" in folder));
    this.#close.addEventListener("click", () => this.#stopOrClose());
    this.#dialog.addEventListener("cancel", (event) => this.#importer && event.preventDefault());
    addEventListener("beforeunload", (event) => this.#importer && event.preventDefault());
  }

  open() {
    this.#show("", null);
    this.#dialog.showModal();
  }

  #stopOrClose() {
    if (!this.#importer) return this.#dialog.close();
    this.#importer.stop();
    this.#close.disabled = true;
  }

  /** @param {HTMLInputElement} input */
  async #choose(input) {
    const files = [...(input.files ?? [])];
    input.value = ""; // the same file may be chosen again
    if (files.length === 0 || this.#importer) return;
    this.#show("Reading the file …", null);
    try {
      const chosen = await cut(await sourcesOf(files), PHOTO_LIMITS.maxBytes);
      if (chosen.parts.length + chosen.refused.length === 0) this.#warn(NOTHING);
      else await this.#import(new Importer(this.#connection, chosen, this.#tell));
    } catch (error) {
      this.#warn(error instanceof NoZip ? error.message : GONE);
    }
  }

  /** @param {Importer} importer */
  async #import(importer) {
    this.#show("", null);
    this.#become(importer);
    try {
      const outcome = await importer.run();
      this.#show(inWords(outcome), outcome);
    } finally {
      this.#become(null);
    }
  }

  /** @param {Importer | null} importer */
  #become(importer) {
    this.#importer = importer;
    this.#dialog.classList.toggle("importing", importer !== null);
    this.#close.textContent = importer ? "Stop" : "Close";
    this.#close.disabled = false;
    if (!importer) this.#close.focus();
  }

  /**
   * @param {number} done
   * @param {number} total
   */
  #tell = (done, total) => {
    this.#progress.max = total;
    this.#progress.value = done;
    this.#state.textContent = `${done.toLocaleString("en")} of ${total.toLocaleString("en")}`;
  };

  /** @param {string} sentence */
  #warn(sentence) {
    this.#show(sentence, null);
    this.#outcome.classList.add("problem");
  }

  /**
   * @param {string} sentence
   * @param {Outcome | null} outcome
   */
  #show(sentence, outcome) {
    const refused = outcome?.refused ?? [];
    this.#outcome.textContent = sentence;
    this.#outcome.classList.toggle("problem", Boolean(outcome?.failure));
    this.#refused.hidden = refused.length === 0;
    const rows = refused.slice(0, MAX_SHOWN).map(({ name, message }) => {
      const row = document.createElement("li");
      row.textContent = `${name}: ${message}`;
      return row;
    });
    find("ul", HTMLUListElement, this.#refused).replaceChildren(...rows);
  }
}

/** @param {Outcome} outcome */
export function inWords({ added, known, refused, rest, failure }) {
  const counts = [
    `${countInWords(added)} added`,
    ...(known ? [`${known} ${known === 1 ? "was" : "were"} there already`] : []),
    ...(refused.length ? [`${refused.length} could not be imported`] : []),
    ...(rest ? [`${rest} ${rest === 1 ? "is" : "are"} left`] : []),
  ];
  const next = failure || (rest ? "To go on, import the same again." : "");
  return `${counts.join(", ")}. ${next}`.trim();
}
