import { tabWidth } from "./columns.js";
import { percent } from "./words.js";

/**
 * @import { LineReading } from "./lines.js"
 */

/**
 * Write lines into an element of the class `lines`. Its text is theirs, joined by "\n"; each
 * uncertain one of several is followed by its certainty, which is not part of the text.
 * @param {HTMLElement} element
 * @param {LineReading[]} lines
 * @param {(line: LineReading) => (Node | string)[]} [contentOf]
 */
export function writeLines(element, lines, contentOf = ({ text }) => [text]) {
  element.style.setProperty("--tab", String(tabWidth(lines.map(({ text }) => text))));
  const elements = lines.map((line) => {
    const span = document.createElement("span");
    span.className = "line";
    span.append(...contentOf(line));
    if (lines.length > 1 && line.uncertain) span.dataset.certainty = percent(line.confidence);
    return span;
  });
  element.replaceChildren(...elements.flatMap((span, index) => (index ? ["\n", span] : [span])));
}
