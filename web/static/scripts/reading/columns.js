/** Places of characters in lines of text, counted in the width of a digit. */

const GAP = 1.5;

/**
 * Return the distance of tab stops at which the cells of all lines stand below each other.
 * @param {string[]} lines  with a tab between their cells
 */
export function tabWidth(lines) {
  const cells = lines.filter((line) => line.includes("\t")).flatMap((line) => line.split("\t"));
  return Math.max(0, ...cells.map(({ length }) => length)) + GAP;
}

/**
 * @param {string} line
 * @param {number} tab  the distance of tab stops, more than the longest cell
 */
export function lineWidth(line, tab) {
  const cells = line.split("\t");
  return (cells.length - 1) * tab + (cells.at(-1) ?? "").length;
}
