import assert from "node:assert/strict";
import { test } from "node:test";
import { correctionProblem } from "../../web/static/scripts/reading/correction.js";

for (const text of ["407", "4?\n7", "40 7\n\t1", "?", ""]) {
  test(`correction ${JSON.stringify(text)} has no problem`, () => {
    assert.equal(correctionProblem(text), "");
  });
}

for (const text of ["seven", "4 / 7", "4.7", "-4", "٤", "4\0"]) {
  test(`correction ${JSON.stringify(text)} has a problem`, () => {
    assert.match(correctionProblem(text), /^Type only digits/);
  });
}
