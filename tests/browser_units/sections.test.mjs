import assert from "node:assert/strict";
import { test } from "node:test";
import { Sections } from "../../web/static/scripts/history/sections.js";

const CARD_PX = 100;
const VIEW_PX = 800;
const PAGE = 30;

/** A repeatable random number from 0 to 1. */
function dice(seed) {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function cursorOf(number) {
  return String(number).padStart(6, "0");
}

/** A list, and the server that has its entries. */
class Scrolled {
  constructor(count, before) {
    this.server = Array.from({ length: count }, (_, index) => ({
      cursor: cursorOf(count - index),
    }));
    this.sections = new Sections(before);
    this.top_px = 0;
  }

  get view() {
    const { above_px, below_px, items } = this.sections;
    const height_px = above_px + items.length * CARD_PX + below_px;
    this.top_px = Math.max(0, Math.min(this.top_px, height_px - VIEW_PX));
    return [this.top_px, this.top_px + VIEW_PX, height_px];
  }

  get seen() {
    return this.sections.block[0];
  }

  settle() {
    for (let next = this.sections.missing(...this.view); next; ) {
      this.load(next);
      this.sections.trim(...this.view, ({ items }) => items.length * CARD_PX);
      next = this.sections.missing(...this.view);
    }
  }

  load(section) {
    const [first] = this.sections.items;
    const height_px = this.sections.above_px;
    if (first && this.sections.isAbove(section)) {
      const newer = this.server.filter(({ cursor }) => cursor > first.cursor);
      this.sections.fillUpwards(section, newer.slice(-PAGE), newer.length > PAGE);
      const added = this.sections.items.indexOf(first) * CARD_PX;
      this.top_px += this.sections.above_px + added - height_px;
      return;
    }
    const older = this.server.filter(({ cursor }) => !section.before || cursor < section.before);
    const page = older.slice(0, PAGE);
    const next = older.length > PAGE ? page.at(-1).cursor : null;
    this.sections.fill(section, page, next, this.seen);
  }
}

/** Assert that what is loaded is a part of the list without a gap, and covers the view. */
function check(list) {
  const { items } = list.sections;
  const start = list.server.indexOf(items[0]);
  assert.deepEqual(items, list.server.slice(start, start + items.length));
  assert.ok(items.length <= 200, `${items.length} are loaded`);
  const [from_px, until_px, height_px] = list.view;
  assert.ok(list.sections.above_px <= from_px);
  assert.ok(height_px - list.sections.below_px >= Math.min(until_px, height_px));
}

test("a list scrolled to its end is loaded from end to end", () => {
  const list = new Scrolled(1_000, null);
  const shown = new Set();
  for (let step = 0; step < 200; step++) {
    list.settle();
    check(list);
    for (const item of list.sections.items) shown.add(item);
    list.top_px += 600;
  }
  assert.deepEqual([...shown], list.server);
  list.top_px = 0;
  list.settle();
  assert.equal(list.sections.items[0], list.server[0]);
});

test("a list opened in its middle is complete above and below", () => {
  const list = new Scrolled(1_000, cursorOf(500));
  list.settle();
  check(list);
  for (let step = 0; step < 200; step++) {
    list.top_px -= 600;
    list.settle();
    check(list);
  }
  assert.equal(list.sections.items[0], list.server[0]);
});

for (let seed = 1; seed <= 20; seed++) {
  test(`random scrolling, new entries and deletions leave no gap (${seed})`, () => {
    const random = dice(seed);
    const list = new Scrolled(500, random() < 0.5 ? null : cursorOf(250));
    for (let step = 0; step < 150; step++) {
      const chance = random();
      if (chance < 0.6) list.top_px += (random() - 0.4) * 3_000;
      else if (chance < 0.7) list.top_px = random() * 30_000;
      else if (chance < 0.8) {
        const [gone] = list.server.splice(Math.floor(random() * list.server.length), 1);
        list.sections.remove(gone);
      } else {
        const missed = chance < 0.85 ? Math.floor(random() * 100) : 1;
        for (let count = 0; count < missed; count++) add(list, missed > 1);
        if (missed > 1) list.sections.age();
      }
      list.settle();
      check(list);
    }
  });
}

function add(list, isMissed) {
  const item = { cursor: cursorOf(Number(list.server[0].cursor) + 1) };
  list.server.unshift(item);
  const section = isMissed ? null : list.sections.holding(item.cursor);
  if (section) list.sections.add(section, item);
}
