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

/**
 * Tell the style sheets the tab stops and the width of lines as `--tab` and `--columns`, and whether
 * they are a table by its class.
 * @param {HTMLElement} element
 * @param {string[]} lines  that it shows
 * @param {number} [after]  columns after the longest line
 */
export function giveColumns(element, lines, after = 0) {
  const tab = tabWidth(lines);
  const columns = Math.max(0, ...lines.map((line) => lineWidth(line, tab))) + after;
  element.style.setProperty("--tab", String(tab));
  element.style.setProperty("--columns", String(columns));
  element.classList.toggle(
    "table",
    lines.some((line) => line.includes("\t")),
  );
}
