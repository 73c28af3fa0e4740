import assert from "node:assert/strict";
import { test } from "node:test";
import {
  certaintyOf,
  confusionInWords,
  countedInWords,
  examplesOf,
  shareOf,
} from "../../web/static/scripts/statistics/sections.js";

test("a share is never rounded up to all", () => {
  assert.equal(shareOf({ right: 999, wrong: 1 }), "99%");
  assert.equal(shareOf({ right: 3, wrong: 0 }), "100%");
  assert.equal(shareOf({ right: 0, wrong: 0 }), "–");
});

test("similar certainties are put together at their mean", () => {
  const tallies = [
    { percent: 50, right: 1, wrong: 1 },
    { percent: 97, right: 2, wrong: 0 },
    { percent: 99, right: 1, wrong: 1 },
  ];
  const { said, points, rows } = certaintyOf(tallies);
  assert.equal(
    said,
    "Of 4 checked readings with a certainty of 90% or more, 75% are right. Their mean certainty is 98%.",
  );
  assert.deepEqual(
    points.map(({ x, y }) => [x, y]),
    [
      [50.5, 50],
      [97.5, 100],
      [99.5, 50],
    ],
  );
  assert.deepEqual(rows, [
    ["50% to 60%", "2", "50%"],
    ["95% to 99%", "2", "100%"],
    ["99% to 100%", "2", "50%"],
  ]);
});

const CELLS = [
  [{ read: 7, written: 1, count: 1 }, "1 read as 7, once"],
  [{ read: 7, written: 7, count: 2 }, "7 read right, twice"],
  [{ read: null, written: 7, count: 1200 }, "7 not read, 1,200 times"],
  [{ read: 7, written: null, count: 3 }, "No digit read as 7, 3 times"],
];

for (const [cell, words] of CELLS) {
  test(`cell in words: ${words}`, () => assert.equal(countedInWords(cell), words));
}

test("confusion counts the digits that were read right", () => {
  const cells = [
    { read: 7, written: 7, count: 3 },
    { read: 7, written: 1, count: 1 },
  ];
  assert.equal(confusionInWords(cells), "75% of 4 checked digits were read right.");
});

test("examples tell what they saved", () => {
  const digit = (digit, kept, lost) => ({ digit, read: 9, kept, lost });
  const { said, rows } = examplesOf([digit(1, 0, 0), digit(4, 2, 1)]);
  assert.equal(
    said,
    "2 digits were read by personal examples and stayed: 2 corrections saved. 1 was corrected after all.",
  );
  assert.deepEqual(rows, [["4", "2", "1"]]);
});
