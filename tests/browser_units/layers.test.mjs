import assert from "node:assert/strict";
import { test } from "node:test";
import { Layers } from "../../web/static/scripts/reading/layers.js";

function layers() {
  const shown = [];
  return [new Layers((value) => shown.push(value)), shown];
}

test("paper is shown while there is no photo", () => {
  const [both, shown] = layers();
  both.paper = "7";
  assert.deepEqual(shown, ["7"]);
});

test("photo covers changes of the paper", () => {
  const [both, shown] = layers();
  both.photo = "407";
  both.paper = "7";
  assert.deepEqual(shown, ["407"]);
});

test("paper is shown again when the photo goes", () => {
  const [both, shown] = layers();
  both.photo = "407";
  both.paper = "7";
  both.photo = null;
  assert.deepEqual(shown, ["407", "7"]);
});
