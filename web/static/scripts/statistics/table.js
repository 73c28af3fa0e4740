import { find } from "../common/find.js";

/**
 * @import { Tabled } from "./sections.js"
 */

/** A section with a sentence and a table, which may be one to open. */
export class Table {
  #said;
  #body;
  #box;

  /** @param {string} id  of the section */
  constructor(id) {
    this.#said = find(`#${id} .said`, HTMLElement);
    this.#body = find(`#${id} tbody`, HTMLElement);
    this.#box = find(`#${id} :is(table, details)`, HTMLElement);
  }

  /** @param {Tabled} tabled */
  show({ said, rows }) {
    this.#said.textContent = said;
    this.#box.hidden = rows.length === 0;
    writeRows(this.#body, rows);
  }
}

/**
 * Write rows, each headed by its first cell. A number is the length of a bar, 0 to 1.
 * @param {HTMLElement} body
 * @param {(string | number)[][]} rows
 */
export function writeRows(body, rows) {
  body.replaceChildren(
    ...rows.map((cells) => {
      const row = document.createElement("tr");
      row.append(...cells.map((cell, place) => toCell(cell, place === 0)));
      return row;
    }),
  );
}

/**
 * @param {string | number} content
 * @param {boolean} isHeading
 */
function toCell(content, isHeading) {
  const cell = document.createElement(isHeading ? "th" : "td");
  if (isHeading) cell.scope = "row";
  if (typeof content === "string") cell.textContent = content;
  else {
    cell.className = "bar";
    cell.style.setProperty("--share", String(content));
  }
  return cell;
}
