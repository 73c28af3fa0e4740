import assert from "node:assert/strict";
import { test } from "node:test";
import {
  afterInsertion,
  moved,
  withCharacter,
  withoutCharacter,
} from "../../web/static/scripts/reading/places.js";

const place = (at, side = 0) => ({ at, side });

const PUT = [
  ["407", place(1), "487", undefined],
  ["40\n7", place(2), "40\n8", undefined],
  ["4 7", place(1, -1), "4 87", place(1, 1)],
  ["4 7", place(0, 1), "48 7", place(1, 1)],
];

for (const [text, where, result, after] of PUT) {
  test(`8 put at ${JSON.stringify(where)} of ${JSON.stringify(text)}`, () => {
    assert.equal(withCharacter(text, where, "8"), result);
    if (after) assert.deepEqual(afterInsertion(where), after);
  });
}

const DELETED = [
  ["407", 1, "47", place(1, -1)],
  ["407", 2, "40", place(1, 1)],
  ["12 5 38", 2, "12 38", place(1, 1)],
  ["1\n2\n3", 1, "1\n3", place(0, 1)],
  ["1\t2\t3", 1, "1\t\t3", place(0, 1)],
  ["4 07", 0, "07", place(0, -1)],
];

for (const [text, at, result, gap] of DELETED) {
  test(`${at} deleted from ${JSON.stringify(text)}`, () => {
    assert.deepEqual(withoutCharacter(text, at), [result, gap]);
  });
}

const MOVES = [
  ["ArrowLeft", place(1), place(0)],
  ["ArrowLeft", place(0), place(0)],
  ["ArrowLeft", place(6, 1), place(6)],
  ["ArrowRight", place(0), place(1)],
  ["ArrowRight", place(1, -1), place(1)],
  ["ArrowRight", place(6), place(6, 1)],
  ["ArrowRight", place(6, 1), place(6, 1)],
  ["Home", place(3), place(0)],
  ["End", place(3), place(6, 1)],
  ["ArrowDown", place(1), place(4)],
  ["ArrowDown", place(2), place(4)],
  ["ArrowDown", place(5), place(5)],
  ["ArrowUp", place(6), place(4)],
  ["ArrowUp", place(2), place(2)],
  ["a", place(1), undefined],
];

for (const [key, from, to] of MOVES) {
  test(`${key} moves from ${JSON.stringify(from)}`, () => {
    assert.deepEqual(moved(from, key, "407\n81\n39"), to);
  });
}
