/**
 * A ZIP of files that are packed already, or stored as they are.
 *
 * @typedef {object} Packed  a file as it lies in a ZIP
 * @property {Uint8Array<ArrayBuffer>} rawName
 * @property {number} flags
 * @property {number} method  0: stored, 8: deflated
 * @property {number} crc  of its content, unpacked
 * @property {number} size_bytes  unpacked
 * @property {Blob} content
 */

const UTF_8 = 0x800;
const VERSION = 20; // 2.0: folders and Deflate
const FIRST_DAY = 0x21; // 1980-01-01
const LOCAL = 0x04034b50;
const ENTRY = 0x02014b50;
const END = 0x06054b50;
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});

/**
 * Return a file to be stored as it is.
 * @param {string} name
 * @param {Blob} content
 * @returns {Promise<Packed>}
 */
export async function store(name, content) {
  const crc = crc32(new Uint8Array(await content.arrayBuffer()));
  const rawName = new TextEncoder().encode(name);
  return { rawName, flags: UTF_8, method: 0, crc, size_bytes: content.size, content };
}

/**
 * @param {Packed[]} files
 * @returns {Blob}
 */
export function writeZip(files) {
  /** @type {BlobPart[]} */ const parts = [];
  /** @type {BlobPart[]} */ const directory = [];
  let offset = 0;
  for (const file of files) {
    const facts = factsOf(file);
    parts.push(numbers([LOCAL, 4], ...facts), file.rawName, file.content);
    const place = /** @type {const} */ ([
      [0, 2],
      [0, 2],
      [0, 2],
      [0, 4],
      [offset, 4],
    ]);
    directory.push(numbers([ENTRY, 4], [VERSION, 2], ...facts, ...place), file.rawName);
    offset += 30 + file.rawName.length + file.content.size;
  }
  const list = new Blob(directory);
  const [count, size] = [files.length, list.size];
  const end = numbers([END, 4], [0, 4], [count, 2], [count, 2], [size, 4], [offset, 4], [0, 2]);
  return new Blob([...parts, list, end], { type: "application/zip" });
}

/**
 * Return what is said of a file both before it and in the directory: numbers and their bytes.
 * @param {Packed} file
 * @returns {[number, number][]}
 */
function factsOf({ rawName, flags, method, crc, size_bytes, content }) {
  return [
    [VERSION, 2],
    [flags, 2],
    [method, 2],
    [0, 2],
    [FIRST_DAY, 2],
    [crc, 4],
    [content.size, 4],
    [size_bytes, 4],
    [rawName.length, 2],
    [0, 2],
  ];
}

/** @param {(readonly [number, number])[]} fields  numbers and how many bytes they have */
function numbers(...fields) {
  const length = fields.reduce((sum, [, bytes]) => sum + bytes, 0);
  const view = new DataView(new ArrayBuffer(length));
  let at = 0;
  for (const [number, bytes] of fields) {
    if (bytes === 2) view.setUint16(at, number, true);
    else view.setUint32(at, number, true);
    at += bytes;
  }
  return view;
}

/** @param {Uint8Array} bytes */
function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) crc = Number(CRC_TABLE[(crc ^ byte) & 0xff]) ^ (crc >>> 8);
  return ~crc >>> 0;
}
