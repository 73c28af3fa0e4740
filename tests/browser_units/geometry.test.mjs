import assert from "node:assert/strict";
import { test } from "node:test";
import { boundingBox, isDot, scale } from "../../web/static/scripts/drawing/geometry.js";

const LINE = {
  radius_px: 2,
  points: [
    { x: 10, y: 20 },
    { x: 30, y: 20 },
  ],
};

test("bounding box includes the pen's width", () => {
  assert.deepEqual(boundingBox([LINE]), { left: 8, top: 18, width: 24, height: 4 });
});

test("bounding box includes the pen's pressure", () => {
  const pressed = { radius_px: 2, points: [{ x: 10, y: 10, weight: 1.5 }] };
  assert.deepEqual(boundingBox([pressed]), { left: 7, top: 7, width: 6, height: 6 });
});

test("bounding box holds all strokes", () => {
  const other = { radius_px: 1, points: [{ x: 50, y: 60 }] };
  assert.deepEqual(boundingBox([LINE, other]), { left: 8, top: 18, width: 43, height: 43 });
});

test("scale changes places and widths but not the pressure", () => {
  const stroke = { radius_px: 4, points: [{ x: 1, y: 2, weight: 1.5 }] };
  assert.deepEqual(scale(stroke, 2), { radius_px: 8, points: [{ x: 2, y: 4, weight: 1.5 }] });
});

test("stroke shorter than the pen is wide is a dot", () => {
  const points = [
    { x: 0, y: 0 },
    { x: 3, y: 0 },
  ];
  assert.ok(isDot({ radius_px: 2, points }));
  assert.ok(!isDot({ radius_px: 1, points }));
});
