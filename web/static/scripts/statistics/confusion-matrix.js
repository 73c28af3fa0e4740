import { find } from "../common/find.js";
import { confusionInWords, countedInWords, isRight } from "./sections.js";

/**
 * @import { CellTally } from "../common/contract.js"
 */

const COMPACT = new Intl.NumberFormat("en", { notation: "compact" });
const LABELS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, null];
const MAX_MISTAKES = 5;

/** The confusion matrix: what was read, by what was written. Its cells open their pictures. */
export class ConfusionMatrix {
  #said = find("#confusion .said", HTMLElement);
  #mistakes = find("#mistakes", HTMLElement);
  #box = find("#confusion .matrix", HTMLElement);
  #open;
  /** By read and written. @type {Map<string, HTMLButtonElement>} */ #buttons = new Map();
  /** @type {Map<string, CellTally>} */ #cells = new Map();

  /** @param {(cell: CellTally) => void} open */
  constructor(open) {
    this.#open = open;
    const columns = LABELS.map((label) => heading("col", label));
    const corner = document.createElement("td");
    find("thead", HTMLElement, this.#box).append(row([corner, ...columns]));
    const rows = LABELS.map((read) => row([heading("row", read), ...this.#makeCells(read)]));
    find("tbody", HTMLElement, this.#box).append(...rows);
  }

  /** @param {CellTally[]} cells */
  show(cells) {
    this.#said.textContent = confusionInWords(cells);
    this.#box.hidden = cells.length === 0;
    this.#cells = new Map(cells.map((cell) => [keyOf(cell), cell]));
    const most = new Map(LABELS.map((label) => [label, mostOf(cells, label)]));
    for (const [key, button] of this.#buttons) {
      const cell = this.#cells.get(key);
      button.hidden = !cell;
      if (cell) write(button, cell, cell.count / (most.get(cell.read) ?? 1));
    }
    this.#showMistakes(cells);
  }

  /** @param {CellTally[]} cells */
  #showMistakes(cells) {
    const mistakes = cells.filter((cell) => !isRight(cell)).sort((a, b) => b.count - a.count);
    const items = mistakes.slice(0, MAX_MISTAKES).map((cell) => {
      const item = document.createElement("li");
      item.append(this.#makeButton(cell, countedInWords(cell)));
      return item;
    });
    this.#mistakes.hidden = items.length === 0;
    this.#mistakes.replaceChildren(...items);
  }

  /**
   * @param {CellTally} cell
   * @param {string} words
   */
  #makeButton(cell, words) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link";
    button.textContent = words;
    button.addEventListener("click", () => this.#open(cell));
    return button;
  }

  /** @param {number | null} read */
  #makeCells(read) {
    return LABELS.map((written) => {
      const key = keyOf({ read, written });
      const button = document.createElement("button");
      button.type = "button";
      button.hidden = true;
      button.classList.toggle("right", read === written);
      button.addEventListener("click", () => {
        const cell = this.#cells.get(key);
        if (cell) this.#open(cell);
      });
      this.#buttons.set(key, button);
      const cell = document.createElement("td");
      cell.append(button);
      return cell;
    });
  }
}

/** @param {Pick<CellTally, "read" | "written">} cell */
function keyOf({ read, written }) {
  return `${read} ${written}`;
}

/**
 * @param {CellTally[]} cells
 * @param {number | null} label
 */
function mostOf(cells, label) {
  return Math.max(...cells.filter(({ read }) => read === label).map(({ count }) => count));
}

/**
 * @param {HTMLButtonElement} button
 * @param {CellTally} cell
 * @param {number} share  of the greatest count in the row
 */
function write(button, cell, share) {
  button.textContent = COMPACT.format(cell.count);
  button.style.setProperty("--share", String(share));
  button.title = countedInWords(cell);
  button.ariaLabel = `${button.textContent}: ${button.title}`; // speech input says what it sees
}

/** @param {HTMLElement[]} cells */
function row(cells) {
  const made = document.createElement("tr");
  made.append(...cells);
  return made;
}

/**
 * @param {string} scope
 * @param {number | null} label
 */
function heading(scope, label) {
  const cell = document.createElement("th");
  cell.scope = scope;
  cell.textContent = label === null ? "–" : String(label);
  if (label === null) cell.ariaLabel = "no digit";
  return cell;
}
