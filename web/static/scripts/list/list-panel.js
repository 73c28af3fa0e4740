import { copyAndTell } from "../common/clipboard.js";
import { linkExports } from "../common/export-links.js";
import { find } from "../common/find.js";
import { loadStyles } from "../common/late.js";
import { Deletions } from "../history/deletions.js";
import { HistorySource } from "../history/history-source.js";
import { ListRows } from "./list-rows.js";
import { asCopied, sumOf } from "./numbers.js";
import { inOrderByHand } from "./order-by-hand.js";

/**
 * @import { CheckDialog } from "../checking/check-dialog.js"
 * @import { Connection } from "../common/connection.js"
 * @import { Entry, Problem } from "../common/contract.js"
 * @import { Waiting } from "../drawing/outbox.js"
 * @import { Corrections } from "../reading/corrections.js"
 *
 * @typedef {object} Listener
 * @property {(sentence: string) => void} onTold
 * @property {(failure: Problem) => void} onFailure
 */

const PAGE_LIMIT = 100;
const RETRY_MS = 5_000;

/** The list of numbers beside the paper: corrected, ordered, added up, and taken away. */
export class ListPanel {
  #connection;
  #corrections;
  #listener;
  #list = find("#list", HTMLElement);
  #rows;
  #source;
  #name = "";
  #count = 0;
  #retry = 0;
  /** Loaded when it is first needed. @type {CheckDialog | null} */ #checking = null;
  /** @type {Waiting[]} */ #waiting = [];

  /**
   * @param {Connection} connection
   * @param {Corrections} corrections
   * @param {Listener} listener
   */
  constructor(connection, corrections, listener) {
    this.#connection = connection;
    this.#corrections = corrections;
    this.#listener = listener;
    this.#rows = new ListRows(this.#list, {
      correct: (id, text) => this.#correct(id, text),
      remove: (id) => deletions.add(id),
      check: (entry) => this.#check(entry),
      move: (id, steps) => this.#step(id, steps),
    });
    const deletions = new Deletions(connection, this.#rows, listener.onFailure);
    this.#source = new HistorySource(connection, {
      onConnect: () => this.#load(),
      onEntry: (entry) => this.#rows.put(entry),
      onGone: (id) => this.#rows.remove(id),
      onAnswer: (failure) => failure && listener.onFailure(failure),
    });
    this.#rows.addEventListener("change", () => this.#refresh());
    corrections.addEventListener("change", () => this.wait(this.#waiting));
    find("#copy", HTMLButtonElement).addEventListener("click", () => this.#copy());
    find("#share", HTMLButtonElement).addEventListener("click", () => this.#share());
    document.addEventListener("copy", (event) => this.#copyInstead(event));
    inOrderByHand(this.#list, (element) => this.#settle(element));
    this.#refresh();
  }

  /** Show a list. @param {string} name */
  show(name) {
    this.#name = name;
    this.#rows.clear();
    this.wait(this.#waiting);
    const filter = { list: name, mine: true };
    this.#source.filter = filter;
    this.#load();
    linkExports("list", filter);
  }

  /** Show an entry that this page has saved. @param {Entry} entry */
  put(entry) {
    if (entry.list === this.#name) this.#rows.put(entry);
    else this.#rows.remove(entry.id);
  }

  /** Show the drawings that are not saved yet. @param {Waiting[]} waiting */
  wait(waiting) {
    this.#waiting = waiting;
    for (const { drawing, list } of waiting) if (list !== this.#name) this.#rows.remove(drawing);
    this.#rows.wait(
      waiting
        .filter(({ list }) => list === this.#name)
        .map((each) => ({ ...each, text: this.#corrections.of(each.drawing) ?? each.text })),
    );
  }

  /** Load the list, and drop what is not on it any more. Tries again if the server refuses. */
  #load() {
    clearTimeout(this.#retry);
    this.#loadFrom(null, this.#name, new Set(this.#rows.ids));
  }

  /**
   * @param {string | null} before  a cursor; null: from the newest number on
   * @param {string} name  of the list
   * @param {Set<string>} old  ids that are shown and have not been loaded again
   */
  async #loadFrom(before, name, old) {
    /** @type {string | null} */ let next = null;
    const bounds = { limit: PAGE_LIMIT, ...(before && { before }) };
    const isLoaded = await this.#source.load(bounds, (page) => {
      if (name !== this.#name) return;
      this.#rows.extend(page.entries);
      for (const { id } of page.entries) old.delete(id);
      next = page.next;
      if (!next) for (const id of old) this.#rows.remove(id);
    });
    if (name !== this.#name) return;
    if (!isLoaded) this.#retry = setTimeout(() => this.#load(), RETRY_MS);
    else if (next) this.#loadFrom(next, name, old);
  }

  /** Copy the list where the user copies and has selected nothing. @param {ClipboardEvent} event */
  #copyInstead(event) {
    const isField = event.target instanceof Element && event.target.matches("input, textarea");
    if (isField || String(getSelection()) || this.#rows.shown.length === 0) return;
    event.clipboardData?.setData("text/plain", this.#text);
    event.preventDefault();
    this.#listener.onTold(`Copied ${inWords(this.#sum.count)}.`);
  }

  async #copy() {
    this.#listener.onTold(await copyAndTell(this.#text, inWords(this.#sum.count)));
  }

  async #share() {
    const shared = { title: this.#name, text: this.#text };
    await navigator.share(shared).catch(() => {}); // the user has changed their mind
  }

  get #text() {
    const texts = this.#rows.shown.map(({ text }) => asCopied(text));
    return texts.filter(Boolean).join("\n");
  }

  get #sum() {
    return sumOf(this.#rows.shown.map(({ text }) => text));
  }

  #refresh() {
    const { count, added, sum, mean } = this.#sum;
    const left = count - added;
    const waiting = this.#waiting.filter(({ list }) => list === this.#name).length;
    const none = waiting ? `${waiting} waiting` : "No number yet";
    find("#list-count", HTMLElement).textContent = count ? inWords(count) : none;
    find("#list-sum", HTMLElement).textContent = sum && `Sum ${sum}`;
    find("#list-mean", HTMLElement).textContent = mean && `Mean ${mean}`;
    find("#list-left", HTMLElement).textContent = added && left ? `${left} not added` : "";
    find("#list-actions", HTMLElement).hidden = count === 0;
    find("#share", HTMLElement).hidden = !("share" in navigator);
    if (count > this.#count) this.#list.scrollTop = this.#list.scrollHeight;
    this.#count = count;
  }

  /**
   * @param {string} id
   * @param {string} text
   */
  async #correct(id, text) {
    const answer = await this.#corrections.correct(id, text);
    if (!answer.ok) return answer.error;
    this.put(answer.entry);
    return null;
  }

  /** Let the user check the numbers of a photo. @param {Entry} entry */
  async #check(entry) {
    const [{ CheckDialog }] = await Promise.all([
      import("../checking/check-dialog.js"),
      this.#checking ?? loadStyles("check.css"),
    ]);
    this.#checking ??= new CheckDialog(
      (id, text) => this.#correct(id, text),
      this.#listener.onFailure,
    );
    await this.#checking.check(entry);
  }

  /**
   * Move a row by some steps.
   * @param {string} id
   * @param {number} steps
   */
  #step(id, steps) {
    const { shown } = this.#rows;
    const row = this.#rows.get(id);
    const from = row ? shown.indexOf(row) : -1;
    const other = shown[from + steps];
    if (!row || !other) return;
    if (steps < 0) other.element.before(row.element);
    else other.element.after(row.element);
    find(".grip", HTMLButtonElement, row.element).focus();
    this.#settle(row.element);
  }

  /** Keep the place to which a row was moved. @param {HTMLElement} element */
  async #settle(element) {
    const { shown } = this.#rows;
    const place = shown.findIndex((row) => row.element === element);
    const id = element.dataset.entryId ?? "";
    const rank = between(shown[place - 1]?.rank, shown[place + 1]?.rank);
    const move = { ids: [id], list: this.#name, rank };
    const answer = await this.#connection.request("move_entries", move);
    if (answer.ok) for (const entry of answer.entries) this.put(entry);
    else this.#listener.onFailure(answer.error);
  }
}

/** @param {number} count */
function inWords(count) {
  return count === 1 ? "1 number" : `${count} numbers`;
}

/**
 * Return a rank between those of two rows, either of which may be missing or wait for its own.
 * @param {number | undefined} before
 * @param {number | undefined} after
 */
function between(before = Infinity, after = Infinity) {
  const [isFirst, isLast] = [!Number.isFinite(before), !Number.isFinite(after)];
  if (isFirst && isLast) return Date.now();
  if (isFirst) return after - 1;
  return isLast ? before + 1 : (before + after) / 2;
}
