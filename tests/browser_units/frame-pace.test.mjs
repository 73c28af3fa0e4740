import assert from "node:assert/strict";
import { test } from "node:test";
import { FramePace } from "../../web/static/scripts/reading/frame-pace.js";

/** Return the gap after many round trips of this time. */
function gapAfter(roundTrip_ms) {
  const pace = new FramePace();
  for (let count = 0; count < 100; count += 1) pace.note(roundTrip_ms);
  return pace.gap_ms;
}

test("gap is 8 ms at first", () => {
  assert.equal(new FramePace().gap_ms, 8);
});

test("gap is 8 ms after fast answers", () => {
  assert.equal(gapAfter(5), 8);
});

test("gap grows with slow answers", () => {
  assert.ok(gapAfter(100) > 30);
  assert.ok(gapAfter(400) > 2 * gapAfter(100));
});

test("one slow answer does not slow the pace for long", () => {
  const pace = new FramePace();
  pace.note(500);
  for (let count = 0; count < 20; count += 1) pace.note(5);
  assert.equal(pace.gap_ms, 8);
});
