import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { cut, sourcesOf } from "../../web/static/scripts/importing/parts.js";
import { NoZip, readZip } from "../../web/static/scripts/importing/zip-reader.js";
import { store, writeZip } from "../../web/static/scripts/importing/zip-writer.js";

const MANY_BYTES = 1_000_000;

/** @param {Record<string, string>} files */
async function zipOf(files) {
  const stored = Object.entries(files).map(([name, text]) => store(name, new Blob([text])));
  return writeZip(await Promise.all(stored));
}

/** @param {Blob} zip */
async function contentOf(zip) {
  const files = await readZip(zip);
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [file.name, await file.text()])),
  );
}

test("what is written is read again", async () => {
  const files = { "7/ä.txt": "seven", empty: "" };
  assert.deepEqual(await contentOf(await zipOf(files)), files);
});

test("a deflated file is unpacked, and passed on as it is", async () => {
  const text = "7".repeat(10_000);
  const packed = { ...(await store("a", new Blob([text]))), method: 8 };
  const zip = writeZip([{ ...packed, content: new Blob([deflateRawSync(text)]) }]);
  const [file] = await readZip(zip);
  assert.equal(await file.text(), text);
  assert.deepEqual(await contentOf(writeZip([await file.pack()])), { a: text });
  assert.ok(zip.size < 1_000);
});

test("what is no ZIP is refused", async () => {
  const zip = await zipOf({ a: "1" });
  await assert.rejects(readZip(new Blob(["no ZIP"])), NoZip);
  await assert.rejects(readZip(new Blob([])), NoZip);
  await assert.rejects(readZip(new Blob([zip.slice(40), "PK\x05\x06"])), NoZip);
});

test("pictures are cut by number and size, each with the table", async () => {
  const pictures = Array.from({ length: 60 }, (_, k) => [`7/${k}.png`, "x".repeat(100)]);
  const zip = await zipOf({ ...Object.fromEntries(pictures), "labels.csv": "file,label" });
  const { parts, refused } = await cut(await sourcesOf([zip]), MANY_BYTES);
  assert.deepEqual(refused, []);
  assert.deepEqual(
    parts.map(({ count }) => count),
    [25, 25, 10],
  );
  const names = Object.keys(await contentOf(await parts[2].zip()));
  assert.deepEqual([names.length, names[0]], [11, "labels.csv"]);
  const small = await cut(await sourcesOf([zip]), 2_000);
  assert.ok(small.parts.length > 6);
  for (const part of small.parts) assert.ok((await part.zip()).size <= 2_000);
});

test("what is too large for any part is told of", async () => {
  const zip = await zipOf({ "7/a.png": "x".repeat(5_000), "7/b.png": "x" });
  const { parts, refused } = await cut(await sourcesOf([zip]), 2_000);
  assert.deepEqual([parts.length, refused.map(({ name }) => name)], [1, ["7/a.png"]]);
});

test("an archive is cut with what belongs to its entries", async () => {
  const ids = Array.from({ length: 30 }, (_, k) => `id-${k}`);
  const lines = (/** @type {string} */ name) => ids.map((id) => JSON.stringify({ [name]: id }));
  const zip = await zipOf({
    "x/entries.jsonl": `${lines("id").join("\n")}\n`,
    "x/strokes.jsonl": lines("entry").join("\n"),
    ...Object.fromEntries(ids.map((id) => [`x/images/${id}.webp`, id])),
  });
  const { parts } = await cut(await sourcesOf([zip]), MANY_BYTES);
  const contents = await Promise.all(parts.map(async (part) => contentOf(await part.zip())));
  assert.deepEqual(
    parts.map(({ count }) => count),
    [25, 5],
  );
  assert.equal(contents[1]["x/entries.jsonl"], lines("id").slice(25).join("\n"));
  assert.equal(contents[1]["x/strokes.jsonl"], lines("entry").slice(25).join("\n"));
  assert.equal(contents[1]["x/images/id-29.webp"], "id-29");
  assert.equal(contents[1]["x/images/id-0.webp"], undefined);
});

test("what a system hides is left out", async () => {
  const zip = await zipOf({ "7/a.png": "1", "__MACOSX/7/._a.png": "2", "7/.DS_Store": "3" });
  const sources = await sourcesOf([zip]);
  assert.deepEqual(
    sources.map(({ name }) => name),
    ["7/a.png"],
  );
});
