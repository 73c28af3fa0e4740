import assert from "node:assert/strict";
import { test } from "node:test";
import { keptPixels } from "../../web/static/scripts/photos/photo-cut.js";

const PHOTO = { width: 400, height: 200 };
const WHOLE = { left: 0, top: 0, right: 1, bottom: 1 };

test("whole photo keeps all pixels", () => {
  assert.deepEqual(keptPixels(PHOTO, { turns: 0, box: WHOLE }), { left: 0, top: 0, ...PHOTO });
});

test("turned photo has its sides swapped", () => {
  const box = { left: 0.5, top: 0, right: 1, bottom: 0.25 };
  const kept = keptPixels(PHOTO, { turns: 1, box });
  assert.deepEqual(kept, { left: 100, top: 0, width: 100, height: 100 });
});

test("smallest box keeps one pixel", () => {
  const box = { left: 1, top: 1, right: 1, bottom: 1 };
  const kept = keptPixels(PHOTO, { turns: 0, box });
  assert.deepEqual(kept, { left: 399, top: 199, width: 1, height: 1 });
});
