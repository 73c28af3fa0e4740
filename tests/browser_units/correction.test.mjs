import assert from "node:assert/strict";
import { test } from "node:test";
import { correctionProblem, tidied } from "../../web/static/scripts/reading/correction.js";

for (const text of ["407", "4?\n7", "4 7", "40 7\n\t1", "?", "", "-12.5", "24/12 7:45", "+4%,"]) {
  test(`correction ${JSON.stringify(text)} has no problem`, () => {
    assert.equal(correctionProblem(text), "");
  });
}

for (const text of ["seven", "4e7", "=4", "(4)", "٤", "4\0"]) {
  test(`correction ${JSON.stringify(text)} has a problem`, () => {
    assert.match(correctionProblem(text), /^Digits and signs only/);
  });
}

const TYPED = [
  ["  40  7 ", "40 7"],
  ["40\n\n 7\n", "40\n7"],
  ["1 \t 2\n\t3", "1\t2\n\t3"],
];

for (const [typed, text] of TYPED) {
  test(`typed ${JSON.stringify(typed)} is ${JSON.stringify(text)}`, () => {
    assert.equal(tidied(typed), text);
  });
}
