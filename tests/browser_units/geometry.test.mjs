import assert from "node:assert/strict";
import { test } from "node:test";
import { boundingBox, isDot, scale, thin } from "../../web/static/scripts/drawing/geometry.js";

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

/** @param {[number, number][]} places */
const path = (...places) => places.map(([x, y]) => ({ x, y }));

test("stroke that hardly moves is a dot, however wide the pen", () => {
  for (const radius_px of [1, 13]) {
    assert.ok(isDot({ radius_px, points: path([0, 0], [4, 3]) }));
    assert.ok(!isDot({ radius_px, points: path([0, 0], [4, 9]) }));
  }
});

test("thinned path keeps the corners and both ends", () => {
  const corner = path([0, 0], [5, 0.1], [10, 0], [10, 5], [10, 10]);
  assert.deepEqual(thin(corner, 0.2), path([0, 0], [10, 0], [10, 10]));
  assert.deepEqual(thin(corner, 0.05), path([0, 0], [5, 0.1], [10, 0], [10, 10]));
});

test("thinned ring keeps its shape", () => {
  const ring = Array.from({ length: 61 }, (_, k) => {
    const angle = (2 * Math.PI * k) / 60;
    return { x: 50 + 20 * Math.cos(angle), y: 50 + 20 * Math.sin(angle) };
  });
  const kept = thin(ring, 0.5);
  assert.ok(kept.length > 8 && kept.length < 20);
  const { left, top, width, height } = boundingBox([{ radius_px: 0, points: kept }]);
  const errors = [left - 30, top - 30, width - 40, height - 40];
  assert.ok(errors.every((error) => Math.abs(error) < 1));
});

test("thinned dot stays", () => {
  assert.deepEqual(thin(path([3, 4]), 1), path([3, 4]));
});
