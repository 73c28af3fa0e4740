import assert from "node:assert/strict";
import { test } from "node:test";
import { PlaceEditor } from "../../web/static/scripts/reading/place-editor.js";
import { ShownText } from "../../web/static/scripts/reading/shown-text.js";

const THRESHOLD = 0.9;

/** A reading of digits and question marks, each given with its confidence. */
function reading(...pairs) {
  const digits = pairs.map(([character, confidence]) => ({
    digit: character === "?" ? null : Number(character),
    confidence,
    probabilities: Array(10).fill(0),
  }));
  const text = pairs.map(([character]) => character).join("");
  return { text, confidence: 0.99, uncertain: false, digits, lines: [{ text, confidence: 0.99 }] };
}

const UNSURE = reading(["4", 0.5], ["0", 0.99], ["?", 0.99], ["7", 0.6]);

/** An editor of a reading whose corrections are accepted. */
function edit(read) {
  const texts = [];
  const show = (corrected) => {
    editor.shown = new ShownText(read, corrected, THRESHOLD);
  };
  const editor = new PlaceEditor({
    onPlace: () => {},
    onText: (text) => {
      texts.push(text);
      show(text);
    },
  });
  show(null);
  return { editor, texts };
}

test("unsure are digits below the threshold and what is no digit", () => {
  const { characters } = new ShownText(UNSURE, null, THRESHOLD);
  assert.deepEqual(
    characters.map(({ isUnsure }) => isUnsure),
    [true, false, true, true],
  );
});

test("least sure digit of an uncertain line is unsure", () => {
  const uncertain = { ...reading(["4", 0.95], ["0", 0.93]), uncertain: true };
  const { characters } = new ShownText(uncertain, null, THRESHOLD);
  assert.deepEqual(
    characters.map(({ isUnsure }) => isUnsure),
    [false, true],
  );
});

test("corrected text keeps the digits it was read from", () => {
  const shown = new ShownText(UNSURE, "4887", THRESHOLD);
  assert.deepEqual(
    shown.characters.map(({ position, isRead }) => [position, isRead]),
    [
      [0, true],
      [1, false],
      [2, false],
      [3, true],
    ],
  );
  assert.equal(new ShownText(UNSURE, "407", THRESHOLD).placeOf(2), -1);
});

test("put goes to the next unsure digit and then to none", () => {
  const { editor, texts } = edit(UNSURE);
  editor.choose(0);
  editor.put("4");
  assert.deepEqual(editor.place, { at: 2, side: 0 });
  editor.put("1");
  assert.deepEqual(editor.place, { at: 3, side: 0 });
  editor.put("7");
  assert.equal(editor.place, null);
  assert.deepEqual(texts, ["40?7", "4017"]);
});

test("undo goes back to the text and the place before", () => {
  const { editor, texts } = edit(UNSURE);
  editor.choose(1);
  editor.type("8");
  editor.remove(1);
  editor.undo();
  assert.deepEqual(editor.place, { at: 2, side: 0 });
  editor.undo();
  assert.deepEqual(editor.place, { at: 1, side: 0 });
  assert.deepEqual(texts, ["48?7", "487", "48?7", "40?7"]);
  assert.equal(editor.canUndo, false);
});

test("place that a shorter text does not have is left", () => {
  const { editor } = edit(UNSURE);
  editor.choose(3);
  editor.shown = new ShownText(UNSURE, "40", THRESHOLD);
  assert.equal(editor.place, null);
});
