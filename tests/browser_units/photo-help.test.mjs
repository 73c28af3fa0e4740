import assert from "node:assert/strict";
import { test } from "node:test";
import { helpWith } from "../../web/static/scripts/photos/photo-help.js";

const SMALL = "The numbers are small on this photo. Crop to them, or come closer.";
const OTHER_PARTS = "Parts do not look like numbers. Crop to the numbers.";
const NO_NUMBERS = "No numbers found. Take the photo closer, with more light.";
const DOUBTFUL = "Check the marked digits, or take the photo again with more light.";

/** Help with a text of one line whose digits are 20 wide, at 30 from each other. */
function help(text, { height = 40, size = [400, 200], uncertain = true, left = 100 } = {}) {
  const digits = [...text].map((character, index) => ({
    digit: /\d/.test(character) ? Number(character) : null,
    sign: /[\d?]/.test(character) ? null : character,
    box: [left + 30 * index, 100, 20, height],
  }));
  return helpWith({ text, digits, size }, [{ text, uncertain }]);
}

test("sure reading needs no help", () => {
  assert.equal(help("407", { uncertain: false }), null);
  assert.equal(help("407", { uncertain: false, height: 11 }), null);
});

test("uncertain reading is to be checked", () => {
  assert.deepEqual(help("407"), { sentence: DOUBTFUL, crop: null });
});

for (const [why, options] of [
  ["a small part of the photo", { height: 66, size: [1000, 800] }],
  ["of few pixels", { height: 11, size: [160, 140] }],
]) {
  test(`digits ${why} are to be cropped`, () => {
    const { sentence, crop } = help("407", options);
    assert.equal(sentence, SMALL);
    assert.notEqual(crop, null);
  });
}

test("crop leaves a digit's height around the numbers", () => {
  const { crop } = help("407", { height: 20, size: [400, 400] });
  assert.deepEqual(crop, { left: 0.2, top: 0.2, right: 0.5, bottom: 0.35 });
});

test("crop keeps the sign of a number", () => {
  const size = { height: 20, size: [400, 400] };
  assert.equal(help("-07", size).crop.left, help("407", size).crop.left);
});

test("crop stays within the photo", () => {
  const { crop } = help("407", { height: 20, size: [400, 400], left: 0 });
  assert.equal(crop.left, 0);
});

test("parts that are not numbers are cropped off", () => {
  const { sentence, crop } = help("4?", { uncertain: false });
  assert.equal(sentence, OTHER_PARTS);
  assert.deepEqual(crop, { left: 0.15, top: 0.3, right: 0.4, bottom: 0.9 });
});

test("photo that is cropped already has no crop", () => {
  const cropped = help("4?", { size: [160, 250], height: 50, left: 40 });
  assert.deepEqual(cropped, { sentence: OTHER_PARTS, crop: null });
});

test("photo without numbers is to be taken again", () => {
  assert.deepEqual(help("??"), { sentence: NO_NUMBERS, crop: null });
});
