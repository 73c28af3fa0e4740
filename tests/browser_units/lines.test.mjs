import assert from "node:assert/strict";
import { test } from "node:test";
import {
  alternativesOf,
  areUncertain,
  certaintyInWords,
  doubtInLines,
  linesOf,
  typedLines,
} from "../../web/static/scripts/reading/lines.js";

const THRESHOLD = 0.9;

/** A reading of lines given as pairs of text and confidence. */
function reading(...pairs) {
  const lines = pairs.map(([text, confidence]) => ({ text, confidence }));
  const digits = lines.flatMap(({ text, confidence }) =>
    [...text.replaceAll(/\s/g, "")].map((sign) => digit(sign, confidence)),
  );
  const text = lines.map((line) => line.text).join("\n");
  const confidence = lines.reduce((product, line) => product * line.confidence, 1);
  return { text, confidence, uncertain: confidence < THRESHOLD, digits, lines };
}

/** A digit whose runner-up is 0. */
function digit(sign, confidence) {
  const value = sign === "?" ? null : Number(sign);
  return { digit: value, confidence, probabilities: [0.05, ...Array(9).fill(0)] };
}

const judge = (...pairs) => linesOf(reading(...pairs), THRESHOLD);

test("one line is the reading itself", () => {
  const single = reading(["407", 0.95]);
  assert.deepEqual(linesOf(single, THRESHOLD), [single]);
});

test("each of several lines has its own certainty and digits", () => {
  const lines = judge(["12 3", 0.99], ["4\t56", 0.6]);
  assert.deepEqual(
    lines.map(({ text, uncertain }) => [text, uncertain]),
    [
      ["12 3", false],
      ["4\t56", true],
    ],
  );
  assert.deepEqual(
    lines.map(({ digits }) => digits.map((each) => each.digit)),
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
  );
});

test("ten sure lines are sure, whatever their product", () => {
  const lines = judge(...Array(10).fill(["407", 0.94]));
  assert.equal(certaintyInWords(lines), "All 10 lines sure");
  assert.equal(areUncertain(lines), false);
  assert.equal(doubtInLines(lines), "");
});

const CERTAINTIES = [
  [[], ""],
  [[["407", 0.99]], "Very sure · 99%"],
  [[["407", 0.53]], "Not sure · 53%"],
  [
    [
      ["407", 0.99],
      ["81", 0.53],
    ],
    "1 of 2 lines not sure",
  ],
  [
    [
      ["407", 0.99],
      ["?", 0.99],
    ],
    "1 of 2 lines not sure",
  ],
];

for (const [pairs, words] of CERTAINTIES) {
  test(`certainty of ${JSON.stringify(pairs)} is "${words}"`, () => {
    const lines = pairs.length > 0 ? judge(...pairs) : [];
    assert.equal(certaintyInWords(lines), words);
  });
}

const DOUBTS = [
  [[["4", 0.6]], "Perhaps 4, or 0?"],
  [
    [
      ["7", 0.99],
      ["4", 0.6],
      ["1", 0.7],
    ],
    "Line 2: Perhaps 4, or 0?",
  ],
  [
    [
      ["7", 0.99],
      ["4?", 0.95],
    ],
    "Line 2: “?” does not look like a digit.",
  ],
];

for (const [pairs, sentence] of DOUBTS) {
  test(`doubt about ${JSON.stringify(pairs)} is "${sentence}"`, () => {
    assert.equal(doubtInLines(judge(...pairs)), sentence);
  });
}

test("typed lines are certain", () => {
  const lines = typedLines("40\n7");
  assert.deepEqual(
    lines.map(({ text }) => text),
    ["40", "7"],
  );
  assert.equal(areUncertain(lines), false);
});

const ALTERNATIVES = [
  { pairs: [["41", 0.6]], others: ["47", "4\n7"], line: 0, shown: ["47", "4\n7"] },
  {
    pairs: [
      ["407", 0.99],
      ["41", 0.6],
    ],
    others: ["407\n47", "401\n41", "401\n47"],
    line: 1,
    shown: ["47"],
  },
  {
    pairs: [
      ["407", 0.99],
      ["41", 0.95],
    ],
    others: ["407\n47"],
    line: 0,
    shown: [],
  },
];

for (const { pairs, others, line, shown } of ALTERNATIVES) {
  test(`alternatives of ${JSON.stringify(pairs)} are ${JSON.stringify(shown)}`, () => {
    const read = reading(...pairs);
    const alternatives = others.map((text) => ({ text, confidence: 0.1 }));
    const found = alternativesOf({ ...read, alternatives }, linesOf(read, THRESHOLD));
    assert.equal(found.line, line);
    assert.deepEqual(
      found.choices.map((choice) => choice.shown),
      shown,
    );
  });
}
