/**
 * The parts of a long list, from new to old, of which a few neighbors are loaded: the block.
 *
 * @typedef {object} Item
 * @property {string} cursor  its place in time: newer ones are greater
 */

/** Distance to the view within which the list is loaded, and beyond which it is dropped. */
const LOAD_PX = 1_500;
const KEEP_PX = 3_000;
const MAX_ITEMS = 60; // of one section

/**
 * Some consecutive entries, older than a cursor.
 * @template {Item} I
 */
export class Section {
  /** @type {I[] | null} */ items = null;
  /** As it was last shown. */
  height_px = 0;
  /** Whether its items may have changed unseen. */
  isStale = false;

  /** @param {string | null} before  null: it begins with the newest entry */
  constructor(before) {
    this.before = before;
  }
}

/**
 * A list in sections. Each ends where the next begins.
 * @template {Item} I
 */
export class Sections {
  /** @type {Section<I>[]} */ #all;

  /** @param {string | null} before  a cursor: what is older is shown first */
  constructor(before) {
    this.#all = (before === null ? [null] : [null, before]).map((each) => new Section(each));
  }

  /** The loaded sections. */
  get block() {
    return this.#all.filter(({ items }) => items);
  }

  /** The loaded items. */
  get items() {
    return this.block.flatMap(({ items }) => items ?? []);
  }

  /** Whether the newest entries are loaded. */
  get isAtNewest() {
    return Boolean(this.#all[0]?.items);
  }

  get isComplete() {
    return this.#all.every(({ items }) => items);
  }

  get above_px() {
    return heightOf(this.#all.slice(0, this.#start));
  }

  get below_px() {
    return heightOf(this.#all.slice(this.#end));
  }

  /** Expect that every item may have changed. */
  age() {
    for (const section of this.block) section.isStale = true;
  }

  /** @param {Section<I>} section */
  has(section) {
    return this.#all.includes(section);
  }

  /** Whether a section is just above the block. @param {Section<I>} section */
  isAbove(section) {
    return this.items.length > 0 && this.#all.indexOf(section) === this.#start - 1;
  }

  /** Return the loaded section that an entry belongs to. @param {string} cursor */
  holding(cursor) {
    const section = this.#all.findLast(({ before }) => before === null || cursor < before);
    return section?.items ? section : null;
  }

  /**
   * Return the section to load next.
   * @param {number} from_px  top of the view on the list
   * @param {number} until_px  bottom of the view
   * @param {number} height_px  of the list
   */
  missing(from_px, until_px, height_px) {
    const [start, end] = [this.#start, this.#end];
    if (start === end) return this.#all.at(-1) ?? null;
    const stale = this.block.find(({ isStale }) => isStale);
    if (stale) return stale;
    const top_px = this.above_px;
    const bottom_px = height_px - this.below_px;
    const there = this.#all[this.#at(from_px)];
    if ((bottom_px < from_px || top_px > until_px) && there && !there.items) return there;
    if (bottom_px < until_px + LOAD_PX && this.#all[end]) return this.#all[end] ?? null;
    return (top_px > from_px - LOAD_PX && this.#all[start - 1]) || null;
  }

  /**
   * Fill a section from its top.
   * @param {Section<I>} section
   * @param {I[]} items  older than the cursor of the section
   * @param {string | null} next  the cursor of the last one, if older ones follow
   * @param {Section<I> | undefined} seen  the section in view
   */
  fill(section, items, next, seen) {
    const index = this.#all.indexOf(section);
    const end = this.#all[index + 1]?.before ?? "";
    const isNear = section.items || (index >= this.#start - 1 && index <= this.#end);
    if (!isNear) for (const each of this.block) drop(each);
    section.items = items.filter(({ cursor }) => cursor >= end);
    section.isStale = false;
    const continues = next !== null && next !== end && section.items.length === items.length;
    if (!continues) return;
    this.#all.splice(index + 1, 0, new Section(next));
    this.#unite(index + 1, isNear ? seen : section);
  }

  /**
   * Fill a section that is just above the block from its bottom.
   * @param {Section<I>} section
   * @param {I[]} items  next newer than the block
   * @param {boolean} continues  whether newer ones follow
   */
  fillUpwards(section, items, continues) {
    const own = items.filter(({ cursor }) => section.before === null || cursor < section.before);
    if (!continues || own.length < items.length) {
      section.items = own;
      return;
    }
    const [newest, ...others] = own;
    /** @type {Section<I>} */ const part = new Section(newest?.cursor ?? null);
    part.items = others;
    this.#all.splice(this.#all.indexOf(section) + 1, 0, part);
  }

  /**
   * Add an item to its section, in its place.
   * @param {Section<I>} section
   * @param {I} item
   */
  add(section, item) {
    const items = (section.items ?? []).filter((each) => each !== item);
    const place = items.findIndex(({ cursor }) => cursor < item.cursor);
    items.splice(place < 0 ? items.length : place, 0, item);
    section.items = items;
    if (items.length > MAX_ITEMS) this.#split(section);
  }

  /** @param {I} item */
  remove(item) {
    for (const section of this.block) {
      section.items = section.items?.filter((each) => each !== item) ?? null;
    }
  }

  /**
   * Drop the loaded sections that are far from the view.
   * @param {number} from_px  top of the view on the list
   * @param {number} until_px  bottom of the view
   * @param {number} height_px  of the list
   * @param {(section: Section<I>) => number} measure  its height
   */
  trim(from_px, until_px, height_px, measure) {
    let top_px = this.above_px;
    let bottom_px = height_px - this.below_px;
    const block = this.block;
    for (const section of block.slice(0, -1)) {
      top_px += measure(section);
      if (top_px > from_px - KEEP_PX) break;
      drop(section, measure(section));
    }
    for (const section of block.slice(1).reverse()) {
      bottom_px -= measure(section);
      if (bottom_px < until_px + KEEP_PX || !section.items) break;
      drop(section, measure(section));
    }
  }

  get #start() {
    return Math.max(
      0,
      this.#all.findIndex(({ items }) => items),
    );
  }

  get #end() {
    return this.#all.findLastIndex(({ items }) => items) + 1;
  }

  /** Return the index of the section at a height of the list. @param {number} at_px */
  #at(at_px) {
    let top_px = 0;
    const index = this.#all.findIndex(({ height_px }) => {
      top_px += height_px;
      return top_px > at_px;
    });
    return index < 0 ? this.#all.length - 1 : index;
  }

  /**
   * Drop the part of the block that a gap separates from the view.
   * @param {number} gap  the index of a section that is not loaded
   * @param {Section<I> | undefined} seen
   */
  #unite(gap, seen) {
    const isSeenAbove = seen === undefined || this.#all.indexOf(seen) < gap;
    const far = isSeenAbove ? this.#all.slice(gap) : this.#all.slice(0, gap);
    for (const section of far) if (section.items) drop(section);
  }

  /** @param {Section<I>} section */
  #split(section) {
    const items = section.items ?? [];
    const half = items.length >> 1;
    /** @type {Section<I>} */ const rest = new Section(items[half - 1]?.cursor ?? null);
    rest.items = items.slice(half);
    section.items = items.slice(0, half);
    this.#all.splice(this.#all.indexOf(section) + 1, 0, rest);
  }
}

/**
 * @template {Item} I
 * @param {Section<I>} section
 * @param {number} height_px  as it was shown
 */
function drop(section, height_px = section.height_px) {
  section.items = null;
  section.isStale = false;
  section.height_px = height_px;
}

/** @param {Section<any>[]} sections */
function heightOf(sections) {
  return sections.reduce((sum_px, { height_px }) => sum_px + height_px, 0);
}
