/**
 * What was chosen for an import, cut into ZIPs that the server takes: each is an import by itself.
 *
 * @import { RefusedFile } from "../common/contract.js"
 * @import { Packed } from "./zip-writer.js"
 *
 * A file that was chosen, in a ZIP or in a folder.
 * @typedef {object} Source
 * @property {string} name  its path
 * @property {number} packed_bytes
 * @property {() => Promise<Packed>} pack
 * @property {() => Promise<string>} text
 *
 * @typedef {object} Part
 * @property {number} count  of entries or pictures
 * @property {() => Promise<Blob>} zip
 *
 * @typedef {object} Cut
 * @property {Part[]} parts
 * @property {RefusedFile[]} refused  what is too large for any part
 */

import { readZip } from "./zip-reader.js";
import { store, writeZip } from "./zip-writer.js";

const MAX_FILES = 25; // of one part: it is read in some seconds
const OVERHEAD_BYTES = 100; // of a file, besides its name, which is there twice
const HIDDEN = /(^|\/)(\.(?!\.?\/)|__MACOSX|thumbs\.db$|desktop\.ini$)/i;

/**
 * Return the files of a ZIP or of a folder. Rejects with NoZip.
 * @param {File[]} files
 * @returns {Promise<Source[]>}
 */
export async function sourcesOf(files) {
  const [first] = files;
  const isFolder = Boolean(first?.webkitRelativePath);
  const found = first && !isFolder ? await readZip(first) : files.map(fromFolder);
  return found.filter(({ name }) => !name.endsWith("/") && !HIDDEN.test(name));
}

/**
 * Cut what was chosen into parts: the archive of a history, or else labelled pictures.
 * @param {Source[]} sources
 * @param {number} max_bytes  of a part
 * @returns {Promise<Cut>}
 */
export async function cut(sources, max_bytes) {
  const entries = leastDeep(sources, "entries.jsonl");
  return entries ? cutArchive(sources, entries, max_bytes) : cutPictures(sources, max_bytes);
}

/** @param {File} file @returns {Source} */
function fromFolder(file) {
  const name = file.webkitRelativePath;
  return {
    name,
    packed_bytes: file.size,
    pack: () => store(name, file),
    text: () => file.text(),
  };
}

/**
 * @param {Source[]} sources
 * @param {string} name
 */
function leastDeep(sources, name) {
  const found = sources.filter((source) => `/${source.name}`.toLowerCase().endsWith(`/${name}`));
  return found.sort((a, b) => a.name.split("/").length - b.name.split("/").length)[0];
}

/**
 * @param {Source[]} sources
 * @param {number} max_bytes
 */
function cutPictures(sources, max_bytes) {
  const table = leastDeep(sources, "labels.csv");
  const common = table ? [table] : [];
  const items = sources
    .filter((source) => source !== table)
    .map((source) => ({ source, name: source.name, bytes: sizeOf(source) }));
  return inParts(items, max_bytes - (table ? sizeOf(table) : 0), async (part) => {
    const files = [...common, ...part.map(({ source }) => source)];
    return writeZip(await Promise.all(files.map((file) => file.pack())));
  });
}

/**
 * @param {Source[]} sources
 * @param {Source} entries
 * @param {number} max_bytes
 */
async function cutArchive(sources, entries, max_bytes) {
  const folder = entries.name.slice(0, -"entries.jsonl".length);
  const named = new Map(sources.map((source) => [source.name, source]));
  const strokes = await linesByEntry(named.get(`${folder}strokes.jsonl`));
  const examples = await linesByEntry(named.get(`${folder}examples.jsonl`));
  const items = linesIn(await entries.text()).map((line) => {
    const id = fieldOf(line, "id");
    const picture = named.get(`${folder}images/${id}.webp`);
    const [drawn, taught] = [strokes.get(id) ?? [], examples.get(id) ?? []];
    const lines_bytes = new Blob([line, ...drawn, ...taught]).size;
    const bytes = lines_bytes + (picture ? sizeOf(picture) : 0);
    return { line, picture, drawn, taught, name: id, bytes };
  });
  return inParts(items, max_bytes - 4 * OVERHEAD_BYTES, async (part) => {
    const files = {
      "entries.jsonl": part.map(({ line }) => line),
      "strokes.jsonl": part.flatMap(({ drawn }) => drawn),
      "examples.jsonl": part.flatMap(({ taught }) => taught),
    };
    const stored = Object.entries(files).map(([name, lines]) =>
      store(folder + name, new Blob([lines.join("\n")])),
    );
    const pictures = part.flatMap(({ picture }) => picture?.pack() ?? []);
    return writeZip(await Promise.all([...stored, ...pictures]));
  });
}

/**
 * Group items, each part with some of them and no more bytes than allowed.
 * @template {{name: string, bytes: number}} Item
 * @param {Item[]} items
 * @param {number} max_bytes
 * @param {(part: Item[]) => Promise<Blob>} zip
 * @returns {Cut}
 */
function inParts(items, max_bytes, zip) {
  /** @type {Item[][]} */ const parts = [];
  /** @type {RefusedFile[]} */ const refused = [];
  let bytes = 0;
  for (const item of items) {
    if (item.bytes > max_bytes) {
      refused.push({ name: item.name, message: tooLarge(item.bytes, max_bytes) });
      continue;
    }
    const part = parts.at(-1);
    bytes += item.bytes;
    if (part && part.length < MAX_FILES && bytes <= max_bytes) part.push(item);
    else {
      parts.push([item]);
      bytes = item.bytes;
    }
  }
  return { refused, parts: parts.map((part) => ({ count: part.length, zip: () => zip(part) })) };
}

/**
 * @param {number} bytes
 * @param {number} max_bytes
 */
function tooLarge(bytes, max_bytes) {
  const [has, may] = [bytes, max_bytes].map((count) => count.toLocaleString("en"));
  return `It has ${has} bytes, and may have ${may}. Make it smaller.`;
}

/** @param {Source | undefined} source */
async function linesByEntry(source) {
  /** @type {Map<string, string[]>} */ const byEntry = new Map();
  for (const line of source ? linesIn(await source.text()) : []) {
    const id = fieldOf(line, "entry");
    byEntry.set(id, [...(byEntry.get(id) ?? []), line]);
  }
  return byEntry;
}

/** @param {string} text */
function linesIn(text) {
  return text.split("\n").filter(Boolean);
}

/**
 * @param {string} line  of JSON
 * @param {string} name
 * @returns {string}  "": it has no such field
 */
function fieldOf(line, name) {
  try {
    return String(JSON.parse(line)?.[name] ?? "");
  } catch {
    return "";
  }
}

/** @param {Source} source */
function sizeOf({ name, packed_bytes }) {
  return packed_bytes + OVERHEAD_BYTES + 6 * name.length;
}
