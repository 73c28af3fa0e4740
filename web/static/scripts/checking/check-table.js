import { find } from "../common/find.js";
import { correctionProblem } from "../reading/correction.js";

/**
 * @import { Cell, Row } from "./cells.js"
 *
 * @typedef {object} Listener
 * @property {(row: Row) => void} onRow  a cell of this row has the focus
 * @property {() => void} onAccepted  a cell was accepted, as it was or changed
 * @property {(problem: string) => void} onProblem  "": there is none
 * @property {() => void} onEnd  no other cell is unsure, or none behind this one
 */

/**
 * The cells of a photo as fields. Enter accepts a cell; Enter and Tab go to the next unsure one, and
 * the arrow keys to any.
 */
export class CheckTable {
  #table = find("#check table", HTMLTableElement);
  #listener;
  /** @type {Row[]} */ #rows = [];
  /** @type {Map<HTMLInputElement, {row: Row, cell: Cell}>} */ #fields = new Map();

  /** @param {Listener} listener */
  constructor(listener) {
    this.#listener = listener;
    this.#table.addEventListener("keydown", (event) => this.#press(event));
    this.#table.addEventListener("focusin", (event) => this.#enter(fieldOf(event)));
    this.#table.addEventListener("change", (event) => this.#accept(fieldOf(event)));
  }

  /** @param {Row[]} rows */
  show(rows) {
    this.#rows = rows;
    this.#fields.clear();
    this.#table.replaceChildren(...rows.map((row, index) => this.#line(row, index + 1)));
    (this.#unsure[0] ?? this.#all[0])?.focus();
  }

  /** Return whether every cell can be accepted as it is; go to the first that cannot. */
  isValid() {
    const wrong = this.#all.find((field) => field.ariaInvalid === "true");
    wrong?.focus();
    return wrong === undefined;
  }

  /** The number of cells that are unsure. */
  get unsure() {
    return this.#unsure.length;
  }

  get #all() {
    return [...this.#fields.keys()];
  }

  get #unsure() {
    return this.#all.filter((field) => this.#fields.get(field)?.cell.isUnsure);
  }

  /**
   * @param {Row} row
   * @param {number} number
   */
  #line(row, number) {
    const line = document.createElement("tr");
    const head = document.createElement("th");
    head.scope = "row";
    head.textContent = String(number);
    line.append(head, ...row.cells.map((cell, index) => this.#box(row, cell, number, index + 1)));
    return line;
  }

  /**
   * @param {Row} row
   * @param {Cell} cell
   * @param {number} line
   * @param {number} column
   */
  #box(row, cell, line, column) {
    const box = document.createElement("td");
    const field = document.createElement("input");
    field.type = "text";
    field.value = cell.text;
    field.autocomplete = "off";
    field.style.setProperty("--characters", String(Math.max(cell.text.length, 2)));
    field.ariaLabel = `Row ${line}, column ${column}`;
    field.ariaDescription = cell.isUnsure ? "Not sure" : "";
    field.classList.toggle("unsure", cell.isUnsure);
    this.#fields.set(field, { row, cell });
    box.append(field);
    return box;
  }

  /** @param {HTMLInputElement | null} field */
  #enter(field) {
    const found = field && this.#fields.get(field);
    if (!found) return;
    field.select();
    this.#listener.onRow(found.row);
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const field = fieldOf(event);
    if (!field) return;
    const step = steps(event.key, field);
    if (event.key === "Enter") {
      this.#finish(field);
    } else if (event.key === "Tab") {
      if (!this.#leaveFor(field, event.shiftKey ? -1 : 1)) return;
    } else if (step) {
      this.#go(field, step);
    } else {
      return;
    }
    event.preventDefault();
  }

  /**
   * Go to the next unsure cell or, behind the last one, out of the table.
   * @param {HTMLInputElement} field
   * @param {1 | -1} direction
   * @returns {boolean} whether it was left
   */
  #leaveFor(field, direction) {
    if (this.#goToUnsure(field, direction)) return true;
    if (direction > 0) this.#listener.onEnd();
    return direction > 0;
  }

  /** Accept a cell and go on: to the next unsure one, or else below. @param {HTMLInputElement} field */
  #finish(field) {
    const wasUnsure = field.classList.contains("unsure");
    if (!this.#accept(field) || this.#goToUnsure(field, 1) || this.#goToUnsure(field, -1)) return;
    if (wasUnsure) this.#listener.onEnd();
    else this.#go(field, [1, 0]);
  }

  /**
   * @param {HTMLInputElement | null} field
   * @returns {boolean} whether it could be accepted
   */
  #accept(field) {
    const found = field && this.#fields.get(field);
    if (!found) return false;
    const text = field.value.trim();
    const problem = correctionProblem(text);
    this.#listener.onProblem(problem);
    field.ariaInvalid = String(problem !== "");
    if (problem) return false;
    field.value = text;
    found.cell.text = text;
    found.cell.isUnsure = false;
    field.ariaDescription = "";
    field.classList.remove("unsure");
    field.classList.add("accepted");
    this.#listener.onAccepted();
    return true;
  }

  /**
   * @param {HTMLInputElement} field
   * @param {1 | -1} direction
   * @returns {boolean} whether there is another unsure cell that way
   */
  #goToUnsure(field, direction) {
    const all = this.#all;
    const place = all.indexOf(field);
    const others = this.#unsure.filter((other) => other !== field);
    const after = others.filter((other) => (all.indexOf(other) - place) * direction > 0);
    const next = direction > 0 ? after[0] : after.at(-1);
    next?.focus();
    return next !== undefined;
  }

  /**
   * @param {HTMLInputElement} field
   * @param {[number, number]} step  in rows and columns
   */
  #go(field, [down, right]) {
    const lines = [...this.#table.rows].map((line) => [...line.querySelectorAll("input")]);
    const row = lines.findIndex((line) => line.includes(field));
    const column = lines[row]?.indexOf(field) ?? -1;
    const line = lines[row + down] ?? [];
    line[Math.min(column + right, line.length - 1)]?.focus();
  }

  get rows() {
    return this.#rows;
  }
}

/**
 * Return the step of an arrow key, in rows and columns; inside a text, sideways arrows move the
 * caret.
 * @param {string} key
 * @param {HTMLInputElement} field
 * @returns {[number, number] | null}
 */
function steps(key, { value, selectionStart, selectionEnd }) {
  const isAll = selectionStart === 0 && selectionEnd === value.length;
  if (key === "ArrowUp") return [-1, 0];
  if (key === "ArrowDown") return [1, 0];
  if (key === "ArrowLeft" && (isAll || selectionEnd === 0)) return [0, -1];
  if (key === "ArrowRight" && (isAll || selectionStart === value.length)) return [0, 1];
  return null;
}

/** @param {Event} event */
function fieldOf({ target }) {
  return target instanceof HTMLInputElement ? target : null;
}
