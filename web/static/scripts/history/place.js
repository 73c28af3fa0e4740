/**
 * @import { EntryCard } from "./entry-card.js"
 * @import { Sections } from "./sections.js"
 *
 * Where the list is scrolled to: the first card in view is the newest of those before a cursor.
 * @typedef {object} Place
 * @property {string | null} before  null: it is the newest of all
 * @property {number} top_px  of that card in the window
 * @property {boolean} [isFocused]  whether that card gets the focus
 */

const GAP_PX = 8; // between cards, as in history.css

/** @type {Place} */
export const NEWEST = { before: null, top_px: Infinity };

/** Return where the cards are scrolled to. @param {Sections<EntryCard>} sections @returns {Place} */
export function placeOfCards({ items, block }) {
  const index = items.findIndex(isInView);
  const first = items[index];
  if (!first) return NEWEST;
  const before = items[index - 1]?.cursor ?? block[0]?.before ?? null;
  return { before, top_px: topOf(first.element) };
}

/**
 * Scroll to a place.
 * @param {EntryCard[]} cards  all that are loaded
 * @param {Place} place
 */
export function scrollToPlace(cards, { before, top_px, isFocused }) {
  const card = cards.find(({ cursor }) => before === null || cursor < before);
  if (card && Number.isFinite(top_px)) scrollDown(topOf(card.element) - top_px);
  if (isFocused) card?.focus();
  if (top_px === Infinity) scrollTo({ top: 0, behavior: "instant" });
}

/**
 * Change a list, and hold what is in view where it is.
 * @param {HTMLElement} list
 * @param {() => void} change
 */
export function holdInView(list, change) {
  const elements = /** @type {HTMLElement[]} */ ([...list.children]);
  const anchor = elements.find((element) => bottomOf(element) > 0);
  const top_px = anchor ? topOf(anchor) : 0;
  change();
  if (anchor?.isConnected) scrollDown(topOf(anchor) - top_px);
}

/** Return whether a card is in view or below it. @param {EntryCard} card */
export function isInView({ element }) {
  return bottomOf(element) > 0;
}

/** @param {EntryCard[]} cards @returns {number} in pixels */
export function heightOf(cards) {
  const shown = cards.map(({ element }) => element.getBoundingClientRect().height).filter(Boolean);
  return shown.reduce((sum_px, height_px) => sum_px + height_px + GAP_PX, 0);
}

/** @param {HTMLElement} element */
function topOf(element) {
  return element.getBoundingClientRect().top;
}

/** @param {HTMLElement} element */
function bottomOf(element) {
  return element.getBoundingClientRect().bottom;
}

/** @param {number} distance_px */
function scrollDown(distance_px) {
  if (distance_px) scrollBy({ top: distance_px, behavior: "instant" });
}
