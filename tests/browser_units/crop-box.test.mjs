import assert from "node:assert/strict";
import { test } from "node:test";
import {
  around,
  drag,
  grow,
  isWhole,
  span,
  turn,
  WHOLE,
} from "../../web/static/scripts/photos/crop-box.js";

const MIN_SIZE = { x: 0.125, y: 0.125 };
const ALL_SIDES = new Set(["left", "top", "right", "bottom"]);
const MIDDLE = { left: 0.25, top: 0.25, right: 0.75, bottom: 0.75 };

test("dragged corner moves its two sides", () => {
  const box = drag(WHOLE, new Set(["right", "bottom"]), { x: -0.5, y: -0.25 }, MIN_SIZE);
  assert.deepEqual(box, { left: 0, top: 0, right: 0.5, bottom: 0.75 });
});

test("dragged side stops at the minimum size", () => {
  const box = drag(MIDDLE, new Set(["left"]), { x: 1, y: 0 }, MIN_SIZE);
  assert.deepEqual(box, { ...MIDDLE, left: 0.625 });
});

test("dragged side stops at the edge of the picture", () => {
  const box = drag(MIDDLE, new Set(["top"]), { x: 0, y: -1 }, MIN_SIZE);
  assert.deepEqual(box, { ...MIDDLE, top: 0 });
});

test("dragged box keeps its size and stays within the picture", () => {
  const box = drag(MIDDLE, ALL_SIDES, { x: 1, y: -1 }, MIN_SIZE);
  assert.deepEqual(box, { left: 0.5, top: 0, right: 1, bottom: 0.5 });
});

test("span between two points is in order and within the picture", () => {
  const box = span({ x: 0.75, y: 0.5 }, { x: 0.25, y: 2 }, MIN_SIZE);
  assert.deepEqual(box, { left: 0.25, top: 0.5, right: 0.75, bottom: 1 });
});

test("span below the minimum size is the whole picture", () => {
  assert.equal(span({ x: 0.5, y: 0 }, { x: 0.6, y: 1 }, MIN_SIZE), WHOLE);
});

test("box around boxes has a margin and stays within the picture", () => {
  const boxes = [
    [10, 20, 10, 20],
    [90, 25, 10, 20],
  ];
  assert.deepEqual(around(boxes, 15, [200, 100]), {
    left: 0,
    top: 0.05,
    right: 0.575,
    bottom: 0.6,
  });
});

test("grown box keeps its center", () => {
  const box = grow({ ...MIDDLE, left: 0.375, right: 0.625 }, { x: 0.5, y: 0.5 });
  assert.deepEqual(box, MIDDLE);
});

test("box grown at the edge stays within the picture", () => {
  const box = grow({ ...MIDDLE, left: 0.875, right: 1 }, { x: 0.25, y: 0.5 });
  assert.deepEqual(box, { ...MIDDLE, left: 0.75, right: 1 });
});

test("turn right moves the left side to the top", () => {
  const box = turn({ left: 0.25, top: 0, right: 1, bottom: 0.5 }, "right");
  assert.deepEqual(box, { left: 0.5, top: 0.25, right: 1, bottom: 1 });
});

test("turn left undoes a turn right", () => {
  const box = { left: 0.25, top: 0.125, right: 0.5, bottom: 0.75 };
  assert.deepEqual(turn(turn(box, "right"), "left"), box);
});

test("only the whole picture is whole", () => {
  assert.ok(isWhole(WHOLE));
  assert.ok(!isWhole({ ...WHOLE, left: 0.25 }));
});
