import assert from "node:assert/strict";
import { test } from "node:test";
import { lineWidth, tabWidth } from "../../web/static/scripts/reading/columns.js";

test("tab stops are wider than the longest cell", () => {
  assert.equal(tabWidth(["1\t4071", "22\t3"]), 5.5);
});

test("lines without cells do not widen the tab stops", () => {
  assert.equal(tabWidth(["1\t22", "40712"]), 3.5);
});

const WIDTHS = [
  ["", 0],
  ["12 34", 5],
  ["1\t22", 6],
];

for (const [line, width] of WIDTHS) {
  test(`line ${JSON.stringify(line)} is ${width} digits wide`, () => {
    assert.equal(lineWidth(line, 4), width);
  });
}
