/**
 * The files of a ZIP, whatever its size: only its directory is read, and a file when it is wanted.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 *
 * @import { Packed } from "./zip-writer.js"
 */

const END = 0x06054b50;
const END_BYTES = 22;
const MAX_COMMENT_BYTES = 65_535;
const ENTRY = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
const DEFLATED = 8;
const DESCRIPTOR = 0x8; // the sizes follow the file: they are in its head here
const MANY = 0xffff; // the true number is elsewhere: ZIP64
const DAMAGED = "The ZIP is damaged. Make or download it again.";

/** A file cannot be read as a ZIP. The message is for the user. */
export class NoZip extends Error {}

/** A file in a ZIP. */
export class ZippedFile {
  #zip;
  #offset;
  #packed_bytes;

  /**
   * @param {Blob} zip
   * @param {DataView<ArrayBuffer>} directory
   * @param {number} at  where the directory tells of it
   */
  constructor(zip, directory, at) {
    this.#zip = zip;
    this.flags = directory.getUint16(at + 8, true) & ~DESCRIPTOR;
    this.method = directory.getUint16(at + 10, true);
    this.crc = directory.getUint32(at + 16, true);
    this.#packed_bytes = directory.getUint32(at + 20, true);
    this.size_bytes = directory.getUint32(at + 24, true);
    this.#offset = directory.getUint32(at + 42, true);
    const start = directory.byteOffset + at + ENTRY_BYTES;
    this.rawName = new Uint8Array(directory.buffer, start, directory.getUint16(at + 28, true));
    this.name = new TextDecoder().decode(this.rawName);
  }

  get packed_bytes() {
    return this.#packed_bytes;
  }

  /** Return the file as it lies in the ZIP. @returns {Promise<Packed>} */
  async pack() {
    const head = await viewOf(this.#zip.slice(this.#offset, this.#offset + LOCAL_BYTES));
    if (head.byteLength < LOCAL_BYTES) throw new NoZip(DAMAGED);
    const names_bytes = head.getUint16(26, true) + head.getUint16(28, true);
    const start = this.#offset + LOCAL_BYTES + names_bytes;
    const { rawName, flags, method, crc, size_bytes } = this;
    const content = this.#zip.slice(start, start + this.#packed_bytes);
    return { rawName, flags, method, crc, size_bytes, content };
  }

  /** Return what the file says, unpacked. */
  async text() {
    const { method, content } = await this.pack();
    if (method !== DEFLATED) return content.text();
    const unpacked = content.stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return new Response(unpacked).text();
  }
}

/**
 * Read which files are in a ZIP. Rejects with NoZip.
 * @param {Blob} zip
 * @returns {Promise<ZippedFile[]>}
 */
export async function readZip(zip) {
  const tail = await viewOf(zip.slice(-(END_BYTES + MAX_COMMENT_BYTES)));
  const end = findEnd(tail);
  if (end < 0) throw new NoZip("This file is not a ZIP. Choose one that ends with .zip.");
  const count = tail.getUint16(end + 10, true);
  if (count === MANY) throw new NoZip("The ZIP has too many files. Make several smaller ones.");
  const start = tail.getUint32(end + 16, true);
  const directory = await viewOf(zip.slice(start, start + tail.getUint32(end + 12, true)));
  try {
    return [...filesIn(zip, directory, count)];
  } catch (error) {
    if (error instanceof RangeError) throw new NoZip(DAMAGED);
    throw error;
  }
}

/**
 * @param {Blob} zip
 * @param {DataView<ArrayBuffer>} directory
 * @param {number} count
 */
function* filesIn(zip, directory, count) {
  for (let at = 0, k = 0; k < count; k++) {
    if (directory.getUint32(at, true) !== ENTRY) throw new NoZip(DAMAGED);
    yield new ZippedFile(zip, directory, at);
    const [name, extra, comment] = [28, 30, 32].map((field) =>
      directory.getUint16(at + field, true),
    );
    at += ENTRY_BYTES + Number(name) + Number(extra) + Number(comment);
  }
}

/** @param {DataView} tail */
function findEnd(tail) {
  for (let at = tail.byteLength - END_BYTES; at >= 0; at--) {
    if (tail.getUint32(at, true) === END) return at;
  }
  return -1;
}

/** @param {Blob} blob */
async function viewOf(blob) {
  return new DataView(await blob.arrayBuffer());
}
