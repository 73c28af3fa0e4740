import assert from "node:assert/strict";
import { test } from "node:test";
import { Timeline } from "../../web/static/scripts/drawing/timeline.js";

const [BLANK, ONE, TWO, OTHER] = ["blank", "one", "two", "other"].map((drawing) => ({
  drawing,
  height: 100,
  strokes: [],
}));

function timelineOf(...sketches) {
  const timeline = new Timeline(BLANK);
  for (const sketch of sketches) timeline.push(sketch);
  return timeline;
}

test("new timeline has nothing to undo or redo", () => {
  const timeline = timelineOf();
  timeline.undo();
  timeline.redo();
  assert.equal(timeline.present, BLANK);
  assert.deepEqual([timeline.canUndo, timeline.canRedo], [false, false]);
});

test("undo and redo step through the sketches", () => {
  const timeline = timelineOf(ONE, TWO);
  timeline.undo();
  assert.equal(timeline.present, ONE);
  assert.deepEqual([timeline.canUndo, timeline.canRedo], [true, true]);
  timeline.undo();
  assert.equal(timeline.present, BLANK);
  timeline.redo();
  timeline.redo();
  assert.equal(timeline.present, TWO);
  assert.ok(!timeline.canRedo);
});

test("push after undo discards the undone sketches", () => {
  const timeline = timelineOf(ONE, TWO);
  timeline.undo();
  timeline.push(OTHER);
  assert.ok(!timeline.canRedo);
  timeline.undo();
  assert.equal(timeline.present, ONE);
});
