import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ago,
  confidenceInWords,
  doubt,
  inOneLine,
  isUnknown,
  leastSure,
  nameOf,
  percent,
  placeInText,
  rivalOf,
  written,
} from "../../web/static/scripts/reading/words.js";

/** A digit of a reading; `rival` is the second likeliest. */
function digit(value, confidence, rival = 0) {
  const probabilities = Array(10).fill(0);
  probabilities[rival] = 1 - confidence;
  if (value !== null) probabilities[value] = confidence;
  return { digit: value, confidence, probabilities };
}

/** A sign of a reading. */
function sign(text, confidence = 0.9) {
  return { ...digit(null, confidence), sign: text };
}

const DOUBTS = [
  { text: "4", digits: [digit(4, 0.6, 9)], sentence: "Perhaps 4, or 9?" },
  { text: "4", digits: [digit(4, 0.99, 9)], uncertain: false, sentence: "" },
  { text: "40", digits: [digit(4, 0.99), digit(0, 0.5, 6)], sentence: "Perhaps 40, or 46?" },
  { text: "4 1", digits: [digit(4, 0.99), digit(1, 0.5, 7)], sentence: "Perhaps 4 1, or 4 7?" },
  { text: "4\t1", digits: [digit(4, 0.99), digit(1, 0.5, 7)], sentence: "Perhaps 4 1, or 4 7?" },
  { text: "?", digits: [digit(null, 0.9)], sentence: "This does not look like a digit." },
  {
    text: "4?",
    digits: [digit(4, 0.9), digit(null, 0.9)],
    sentence: "“?” does not look like a digit.",
  },
  {
    text: "-4",
    digits: [sign("-"), digit(4, 0.6, 9)],
    sentence: "Perhaps -4, or -9?",
  },
  {
    text: "4.1",
    digits: [digit(4, 0.9), sign(".", 0.5), digit(1, 0.9)],
    sentence: "Perhaps 4.1, but “.” is not sure.",
  },
  { text: "", digits: [], sentence: "" },
];

for (const { sentence, ...reading } of DOUBTS) {
  test(`doubt about ${JSON.stringify(reading.text)} is ${JSON.stringify(sentence)}`, () => {
    assert.equal(doubt({ uncertain: true, confidence: 0.5, ...reading }), sentence);
  });
}

const ITEMS = [
  [digit(4, 0.9), "4", "4", false],
  [sign("-"), "-", "minus", false],
  [sign("%"), "%", "per cent", false],
  [digit(null, 0.9), "?", "no digit", true],
  [{ ...digit(4, 0.9), sign: null }, "4", "4", false],
];

for (const [item, text, name, unknown] of ITEMS) {
  test(`${name} is written "${text}"`, () => {
    assert.equal(written(item), text);
    assert.equal(nameOf(item), name);
    assert.equal(isUnknown(item), unknown);
  });
}

const CONFIDENCES = [
  ["4", 1, false, "Very sure · 99%"],
  ["4", 0.999, false, "Very sure · 99%"],
  ["4", 0.93, false, "Sure · 93%"],
  ["4", 0.6, true, "Not sure · 60%"],
  ["4?", 0.999, false, "Very sure · 99%"],
  ["-", 0.999, false, "Very sure · 99%"],
  ["?", 0.999, false, "No digit · 99%"],
  ["\t? ??", 0.999, false, "No digit · 99%"],
];

for (const [text, confidence, uncertain, words] of CONFIDENCES) {
  test(`confidence ${confidence} of ${JSON.stringify(text)} is "${words}"`, () => {
    assert.equal(confidenceInWords({ text, confidence, uncertain }), words);
  });
}

test("percent is never rounded up and never 100%", () => {
  assert.deepEqual([0, 0.899, 0.995, 1].map(percent), ["0%", "89%", "99%", "99%"]);
});

test("least sure digit is the one with the lowest confidence", () => {
  assert.equal(leastSure([digit(4, 0.9), digit(0, 0.5), digit(7, 0.8)]), 1);
  assert.equal(leastSure([]), -1);
});

test("rival is the likeliest other digit", () => {
  assert.equal(rivalOf(digit(4, 0.6, 9)), 9);
  assert.equal(rivalOf(digit(null, 0.9, 8)), 8);
});

test("place in the text skips white space", () => {
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((position) => placeInText("4 1\t7\n8", position)),
    [0, 2, 4, 6, -1],
  );
});

test("text in one line has spaces for tabs and line ends", () => {
  assert.equal(inOneLine("40 1\t7\n8"), "40 1 7 8");
});

const AGES = [
  [-5, "just now"],
  [59, "just now"],
  [60, "1 minute ago"],
  [3_599, "59 minutes ago"],
  [7_200, "2 hours ago"],
  [86_400, "yesterday"],
  [604_800, "last week"],
  [31_536_000 * 2, "2 years ago"],
];

for (const [age_s, words] of AGES) {
  test(`age of ${age_s} seconds is "${words}"`, () => {
    assert.equal(ago(new Date(0), age_s * 1000), words);
  });
}
