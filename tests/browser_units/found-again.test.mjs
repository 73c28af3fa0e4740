import assert from "node:assert/strict";
import { test } from "node:test";
import { foundAgain } from "../../web/static/scripts/reading/found-again.js";

const reading = (size, ...digits) => ({
  size,
  digits: digits.map(([digit, box]) => ({ digit, sign: null, box })),
});

const READ = reading([200, 100], [4, [10, 10, 40, 80]], [0, [60, 10, 40, 80]]);

const AGAIN = [
  ["as before", READ, 1],
  ["half as large", reading([100, 50], [4, [5, 5, 20, 40]], [0, [31, 5, 20, 40]]), 1],
  [
    "after another",
    reading([200, 100], [1, [0, 0, 5, 99]], [4, [10, 10, 40, 80]], [0, [60, 9, 40, 80]]),
    2,
  ],
  ["as another digit", reading([200, 100], [4, [10, 10, 40, 80]], [6, [60, 10, 40, 80]]), null],
  ["elsewhere", reading([200, 100], [0, [120, 10, 40, 80]]), null],
  ["not at all", reading([200, 100]), null],
];

for (const [where, other, place] of AGAIN) {
  test(`digit that is read ${where}`, () => {
    assert.equal(foundAgain(READ, 1, other), place);
  });
}
