import assert from "node:assert/strict";
import { test } from "node:test";
import { isFinal, mayPass, passes } from "../../web/static/scripts/common/failures.js";

const CASES = {
  rate_limited: [true, true, false],
  unavailable: [true, true, false],
  sign_in_required: [true, true, false],
  internal: [false, true, false],
  no_ink: [false, false, true],
  unreadable_image: [false, false, true],
  image_too_large: [false, false, true],
  not_found: [false, false, false],
};

for (const [code, [passesItself, isWorthATry, isOver]] of Object.entries(CASES)) {
  test(`refusal as ${code}`, () => {
    assert.equal(passes(code), passesItself);
    assert.equal(mayPass(code), isWorthATry);
    assert.equal(isFinal(code), isOver);
  });
}
