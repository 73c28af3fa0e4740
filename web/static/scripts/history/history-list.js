import { cursorAbove } from "./entries.js";
import { EntryCard } from "./entry-card.js";
import { HistorySource } from "./history-source.js";
import { heightOf, holdInView, isInView, placeOfCards, scrollToPlace } from "./place.js";
import { Sections } from "./sections.js";

/**
 * @import { Connection } from "../common/connection.js"
 * @import { Entry, Filter, Problem } from "../common/contract.js"
 * @import { Actions } from "./entry-card.js"
 * @import { Page } from "./history-source.js"
 * @import { Place } from "./place.js"
 * @import { Section } from "./sections.js"
 * @import { Selection } from "./selection.js"
 */

const REFRESH_MS = 30_000;
const REVEALED_PX = 120; // from the top of the window

/**
 * The entries on the page: each once, newest first. However long the list, only the cards near the
 * view exist. Fires `change` after each change, `delete`, with an id, when the user deletes one,
 * `restore` when that was undone, and `orphan` when the last card is gone that had the focus.
 */
export class HistoryList extends EventTarget {
  #list;
  #source;
  #actions;
  #selection;
  /** @type {Sections<EntryCard>} */ #sections = new Sections(null);
  /** The cards on the page, and those far away that are being corrected.
   * @type {Map<string, EntryCard>} */
  #cards = new Map();
  /** @type {Set<string>} */ #hidden = new Set();
  /** Where to scroll to once that is loaded. @type {Place | null} */ #wanted = null;
  #isFilling = false;
  #paper = matchMedia("print");

  /**
   * @param {HTMLElement} list
   * @param {Connection} connection
   * @param {Selection} selection
   * @param {Omit<Actions, "remove">} actions
   * @param {(failure: Problem | null) => void} onAnswer  null: a request succeeded
   * @param {AbortSignal} signal
   */
  constructor(list, connection, selection, actions, onAnswer, signal) {
    super();
    this.#list = list;
    this.#selection = selection;
    selection.addEventListener("change", () => this.#mark());
    this.#actions = { ...actions, remove: (/** @type {string} */ id) => this.#fire("delete", id) };
    this.#source = new HistorySource(connection, {
      onConnect: (isRecovered) => (isRecovered ? this.fill() : this.#refresh()),
      onEntry: (entry) => this.#put(entry),
      onGone: (id) => this.remove(id),
      onAnswer,
    });
    const timer = setInterval(() => this.#refreshTimes(), REFRESH_MS);
    signal.addEventListener("abort", () => clearInterval(timer));
    addEventListener("scroll", () => this.fill(), { signal, passive: true });
    addEventListener("resize", () => this.fill(), { signal });
    this.#paper.addEventListener("change", () => this.fill(), { signal });
  }

  /** Whether there is no entry to show; not known before the list is loaded. */
  get isEmpty() {
    const { isComplete, items } = this.#sections;
    return isComplete && items.every(({ element }) => element.hidden);
  }

  /** @returns {Place} */
  get place() {
    return this.#wanted ?? placeOfCards(this.#sections);
  }

  /**
   * Show the entries that pass a filter, from a place on.
   * @param {Filter} filter
   * @param {Place} place
   */
  show(filter, place) {
    this.#source.filter = filter;
    this.#sections = new Sections(place.before);
    this.#wanted = place;
    this.fill();
  }

  /** The entry whose card has the focus. */
  get focused() {
    const card = this.#sections.items.find(({ element }) => element.matches(":focus-within"));
    return card?.entry ?? null;
  }

  /** Return whether an entry waits to be deleted. @param {string} id */
  isHidden(id) {
    return this.#hidden.has(id);
  }

  /** Bring an entry into view, and focus it. @param {Entry} entry */
  reveal(entry) {
    const card = this.#cards.get(entry.id);
    if (card?.element.isConnected && !card.element.hidden) return card.focus();
    const before = cursorAbove(entry);
    this.#sections = new Sections(before);
    this.#wanted = { before, top_px: REVEALED_PX, isFocused: true };
    this.fill();
  }

  /** Load what is near the view and not there yet; paper shows what is there. */
  async fill() {
    if (this.#isFilling || this.#paper.matches) return;
    this.#isFilling = true;
    let isLoaded = true;
    for (let next = this.#missing; next && isLoaded; next = this.#missing) {
      isLoaded = await this.#load(next);
    }
    if (isLoaded) this.#reach();
    this.#isFilling = false;
  }

  /** @param {string} id */
  remove(id) {
    this.#hidden.delete(id);
    const card = this.#cards.get(id);
    if (!card) return;
    const hadFocus = card.element.contains(document.activeElement);
    const heir = this.#neighborOf(card);
    this.#change(() => this.#sections.remove(card));
    this.#cards.delete(id);
    if (hadFocus && heir) heir.focus();
    else if (hadFocus) this.#fire("orphan");
  }

  /**
   * Hide an entry, or show it again.
   * @param {string} id
   * @param {boolean} isHidden
   */
  hide(id, isHidden) {
    if (isHidden) this.#hidden.add(id);
    else this.#hidden.delete(id);
    const card = this.#cards.get(id);
    if (card) this.#change(() => card.hide(isHidden));
    if (isHidden) return;
    card?.focus();
    this.#fire("restore", id);
  }

  /** Return the next card that is shown, or else the one before. @param {EntryCard} card */
  #neighborOf(card) {
    const { items } = this.#sections;
    const place = items.indexOf(card);
    const isShown = (/** @type {EntryCard} */ { element }) => !element.hidden;
    return items.slice(place + 1).find(isShown) ?? items.slice(0, place).findLast(isShown);
  }

  get #missing() {
    return this.#sections.missing(...this.#view);
  }

  /** The top and bottom of the window on the list, and the list's height.
   * @returns {[number, number, number]} */
  get #view() {
    const { top, height } = this.#list.getBoundingClientRect();
    const isNew = this.#sections.block.length === 0;
    return isNew ? [0, innerHeight, 0] : [-top, innerHeight - top, height];
  }

  /**
   * @param {Section<EntryCard>} section
   * @returns {Promise<boolean>} whether it is loaded
   */
  #load(section) {
    const sections = this.#sections;
    const [first] = sections.items;
    if (first && sections.isAbove(section)) {
      return this.#source.load({ after: first.cursor }, (page) =>
        this.#take(
          section,
          (items) => sections.fillUpwards(section, items, page.next !== null),
          page,
        ),
      );
    }
    const bounds = section.before === null ? {} : { before: section.before };
    return this.#source.load(bounds, (page) =>
      this.#take(section, (items) => sections.fill(section, items, page.next, this.#seen), page),
    );
  }

  /**
   * @param {Section<EntryCard>} section
   * @param {(cards: EntryCard[]) => void} fill
   * @param {Page} page
   */
  #take(section, fill, { entries }) {
    if (!this.#sections.has(section)) return; // another filter was chosen meanwhile
    this.#change(() => fill(entries.map((entry) => this.#card(entry))));
  }

  /** The section of the first card in view. */
  get #seen() {
    return this.#sections.block.find(({ items }) =>
      items?.some((card) => card.element.isConnected && isInView(card)),
    );
  }

  /** Load everything again that is on the page. */
  #refresh() {
    this.#sections.age();
    this.fill();
  }

  /** Scroll to the place that was asked for. */
  #reach() {
    const place = this.#wanted;
    this.#wanted = null;
    if (!place) return;
    scrollToPlace(this.#sections.items, place);
    this.fill();
  }

  /**
   * Show an entry that was just added or changed. What belongs to a section that is not loaded
   * comes with it.
   * @param {Entry} entry
   */
  #put(entry) {
    const section = this.#sections.holding(`${entry.timestamp}~${entry.id}`);
    if (!section) return;
    const card = this.#card(entry);
    this.#change(() => this.#sections.add(section, card));
    card.highlight();
  }

  /** @param {Entry} entry */
  #card(entry) {
    const card = this.#cards.get(entry.id) ?? new EntryCard(entry.id, this.#actions);
    this.#cards.set(entry.id, card);
    card.show(entry);
    card.hide(this.#hidden.has(entry.id));
    card.select(this.#selection.has(entry.id));
    return card;
  }

  /** Change the list, and hold what is in view where it is. @param {() => void} change */
  #change(change) {
    const isAtTop = scrollY === 0 && this.#sections.isAtNewest;
    const apply = () => {
      change();
      this.#render();
    };
    if (isAtTop) apply();
    else holdInView(this.#list, apply);
    this.#trim();
    this.#fire("change");
  }

  #trim() {
    const { block } = this.#sections;
    this.#sections.trim(...this.#view, ({ items }) => heightOf(items ?? []));
    if (this.#sections.block.length < block.length) this.#render();
  }

  /** Show the loaded cards, and room for the others. */
  #render() {
    const cards = this.#sections.items;
    const elements = new Set(cards.map(({ element }) => element));
    for (const [id, card] of this.#cards) if (!elements.has(card.element)) this.#drop(id, card);
    let next = this.#list.firstElementChild;
    for (const { element } of cards) {
      if (element === next) next = next.nextElementSibling;
      else this.#list.insertBefore(element, next);
    }
    this.#list.style.setProperty("--above", `${this.#sections.above_px}px`);
    this.#list.style.setProperty("--below", `${this.#sections.below_px}px`);
  }

  /**
   * @param {string} id
   * @param {EntryCard} card
   */
  #drop(id, card) {
    card.element.remove();
    if (!card.isBeingCorrected) this.#cards.delete(id);
  }

  /**
   * @param {"change" | "delete" | "restore" | "orphan"} type
   * @param {string} [detail]
   */
  #fire(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #mark() {
    for (const [id, card] of this.#cards) card.select(this.#selection.has(id));
  }

  #refreshTimes() {
    for (const card of this.#cards.values()) card.refreshTime();
  }
}
