import { callApi } from "../common/api.js";
import { find } from "../common/find.js";
import { imageUrl } from "../common/image-url.js";
import { ask } from "../common/modal.js";
import { inFull, inOneLine } from "../reading/words.js";
import { countedInWords } from "./sections.js";

/**
 * @import { CellTally, EntriesAnswer, Entry } from "../common/contract.js"
 */

const PAGE_LIMIT = 24;

/** The pictures behind a cell of the confusion matrix, newest first, with links to the entries. */
export class CellDialog {
  #dialog = find("#cell", HTMLDialogElement);
  #isMine;
  /** @type {CellTally | null} */ #cell = null;
  /** @type {string | null} */ #next = null;

  /** @param {() => boolean} isMine */
  constructor(isMine) {
    this.#isMine = isMine;
    this.#find(".close").addEventListener("click", () => this.#dialog.close());
    this.#find(".more").addEventListener("click", () => this.#loadMore());
  }

  /** @param {CellTally} cell */
  async open(cell) {
    this.#cell = cell;
    this.#next = null;
    this.#find("h2").textContent = countedInWords(cell);
    this.#find("ol").replaceChildren();
    const closed = ask(this.#dialog);
    await this.#loadMore();
    await closed;
    if (this.#cell === cell) this.#cell = null;
  }

  async #loadMore() {
    const cell = this.#cell;
    this.#find(".more").hidden = true;
    this.#tell("Loading…");
    const answer = await this.#ask();
    if (!cell || cell !== this.#cell) return;
    this.#tell(answer.ok ? "" : answer.error.message);
    if (!answer.ok) return;
    this.#next = answer.next;
    this.#find(".more").hidden = answer.next === null;
    this.#find("ol").append(...answer.entries.map(toItem));
  }

  /** @returns {Promise<EntriesAnswer>} */
  async #ask() {
    try {
      const response = await callApi(`/api/statistics/entries?${this.#query()}`);
      return await response.json();
    } catch {
      const message = "The server did not answer. Close this and try again.";
      return { ok: false, error: { code: "unavailable", message } };
    }
  }

  #query() {
    const { read = null, written = null } = this.#cell ?? {};
    const query = new URLSearchParams({ limit: String(PAGE_LIMIT), mine: String(this.#isMine()) });
    if (read !== null) query.set("read", String(read));
    if (written !== null) query.set("written", String(written));
    if (this.#next !== null) query.set("before", this.#next);
    return query;
  }

  /** @param {string} sentence */
  #tell(sentence) {
    this.#find(".told").textContent = sentence;
  }

  /** @param {string} selector */
  #find(selector) {
    return find(selector, HTMLElement, this.#dialog);
  }
}

/** @param {Entry} entry */
function toItem(entry) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  const picture = document.createElement("img");
  const caption = document.createElement("p");
  link.href = `/history?entry=${entry.id}`;
  link.title = inFull(new Date(entry.timestamp));
  picture.src = imageUrl(entry);
  picture.alt = "";
  picture.loading = "lazy";
  caption.textContent = describe(entry);
  link.append(picture, caption);
  item.append(link);
  return item;
}

/** @param {Entry} entry @returns {string} "407, read as 401" */
function describe({ predicted, corrected }) {
  const text = inOneLine(corrected ?? "");
  return corrected === predicted ? text : `${text}, read as ${inOneLine(predicted)}`;
}
