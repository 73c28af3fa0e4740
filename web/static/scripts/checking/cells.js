import { linesOf, typedLines } from "../reading/lines.js";
import { isUnknown } from "../reading/words.js";

/**
 * The cells of a reading: its numbers, in rows.
 *
 * @import { Digit, Entry } from "../common/contract.js"
 * @import { Box } from "../drawing/geometry.js"
 *
 * @typedef {object} Cell
 * @property {string} before  what parts it from the cell before it: "", a space or a tab
 * @property {string} text
 * @property {boolean} isUnsure
 *
 * @typedef {object} Row
 * @property {Cell[]} cells
 * @property {Box | null} box  of its digits, in shares of the picture's width and height
 */

/**
 * Return the cells of an entry, as read or as they were corrected. A cell that was unsure stays so
 * until its text is another.
 * @param {Pick<Entry, "reading" | "corrected">} entry
 * @param {number} threshold  the confidence below which a cell is unsure
 * @returns {Row[]}
 */
export function rowsOf({ reading, corrected }, threshold) {
  const read = linesOf(reading, 0);
  const lines = corrected === null ? read : typedLines(corrected);
  if (lines.length !== read.length) {
    return lines.map(({ text }) => ({ cells: cellsOf(text, [], threshold), box: null }));
  }
  return read.map(({ text, digits }, index) => ({
    cells: asCorrected(cellsOf(text, digits, threshold), lines[index]?.text ?? ""),
    box: boxAround(digits, reading.size),
  }));
}

/**
 * Return the text of rows.
 * @param {Row[]} rows
 */
export function textOf(rows) {
  return rows
    .map(({ cells }) => cells.map(({ before, text }) => before + text).join(""))
    .filter((line) => line.trim())
    .join("\n");
}

/**
 * Return the cells of a line that was corrected, or left as it was.
 * @param {Cell[]} read
 * @param {string} line
 */
function asCorrected(read, line) {
  const cells = cellsOf(line, [], 0);
  if (cells.length !== read.length) return cells;
  return cells.map((cell, index) => {
    const { text, isUnsure } = read[index] ?? cell;
    return cell.text === text ? { ...cell, isUnsure } : cell;
  });
}

/**
 * @param {string} line
 * @param {Digit[]} digits  none: somebody has typed it
 * @param {number} threshold
 * @returns {Cell[]}
 */
function cellsOf(line, digits, threshold) {
  let end = 0;
  return [...line.matchAll(/([ \t]?)([^ \t]*)/g)].flatMap(([, before = "", text = ""], index) => {
    if (!before && !text && index > 0) return [];
    const own = digits.slice(end, end + text.length);
    end += text.length;
    return [{ before, text, isUnsure: areUnsure(own, threshold) }];
  });
}

/**
 * Return whether the digits together are less sure than the threshold.
 * @param {Digit[]} digits
 * @param {number} threshold
 */
function areUnsure(digits, threshold) {
  const confidence = digits.reduce((product, digit) => product * digit.confidence, 1);
  return confidence < threshold || digits.some(isUnknown);
}

/**
 * @param {Digit[]} digits
 * @param {[number, number]} size  of the picture
 * @returns {Box | null}
 */
function boxAround(digits, [width, height]) {
  if (digits.length === 0) return null;
  const boxes = digits.map(({ box }) => box);
  const left = Math.min(...boxes.map(([x]) => x));
  const top = Math.min(...boxes.map(([, y]) => y));
  const right = Math.max(...boxes.map(([x, , w]) => x + w));
  const bottom = Math.max(...boxes.map(([, y, , h]) => y + h));
  return {
    left: left / width,
    top: top / height,
    width: (right - left) / width,
    height: (bottom - top) / height,
  };
}
