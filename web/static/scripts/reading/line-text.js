import { giveColumns } from "./columns.js";
import { areUncertain } from "./lines.js";
import { percent } from "./words.js";

/**
 * @import { LineReading } from "./lines.js"
 */

/** The certainty after a line is in smaller type. */
const CERTAINTY_COLUMNS = 2;

/**
 * Write lines into an element of the class `lines`. Its text is theirs, joined by "\n"; each
 * uncertain one of several is followed by its certainty, which is not part of the text.
 * @param {HTMLElement} element
 * @param {LineReading[]} lines
 * @param {(line: LineReading) => (Node | string)[]} [contentOf]
 */
export function writeLines(element, lines, contentOf = ({ text }) => [text]) {
  const certainty = lines.length > 1 && areUncertain(lines) ? CERTAINTY_COLUMNS : 0;
  giveColumns(
    element,
    lines.map(({ text }) => text),
    certainty,
  );
  const elements = lines.map((line) => {
    const span = document.createElement("span");
    span.className = "line";
    span.append(...contentOf(line));
    if (lines.length > 1 && line.uncertain) span.dataset.certainty = percent(line.confidence);
    return span;
  });
  element.replaceChildren(...elements.flatMap((span, index) => (index ? ["\n", span] : [span])));
}
