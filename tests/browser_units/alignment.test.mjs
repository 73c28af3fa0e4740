import assert from "node:assert/strict";
import { test } from "node:test";
import { alignment } from "../../web/static/scripts/reading/alignment.js";

const _ = null;

const CASES = [
  ["407", "407", [0, 1, 2]],
  ["407", "487", [0, 1, 2]],
  ["407", "47", [0, 2]],
  ["407", "4017", [0, 1, _, 2]],
  ["407", "", []],
  ["", "4", [_]],
  ["12\n407\n8", "12\n8", [0, 1, 6, 7]],
  ["40 7", "407", [0, 1, 3]],
  ["1 2", "132", [0, _, 2]],
];

for (const [read, corrected, indexes] of CASES) {
  test(`${JSON.stringify(corrected)} is aligned with ${JSON.stringify(read)}`, () => {
    assert.deepEqual(alignment(read, corrected), indexes);
  });
}
