import { find } from "../common/find.js";
import { Plot } from "./plot.js";
import { writeRows } from "./table.js";

/**
 * @import { MakeOptions } from "./plot.js"
 * @import { Plotted } from "./sections.js"
 */

/** A section with a sentence, a plot, and the same numbers as a table. */
export class Chart {
  #section;
  #plot;

  /**
   * @param {string} id  of the section
   * @param {MakeOptions} makeOptions
   */
  constructor(id, makeOptions) {
    this.#section = find(`#${id}`, HTMLElement);
    this.#plot = new Plot(this.#find(".plot"), makeOptions, (words) => {
      this.#find(".point").textContent = words;
    });
  }

  /** @param {Plotted} plotted */
  show({ said, points, headings, rows }) {
    this.#find(".said").textContent = said;
    this.#find("details").hidden = points.length === 0;
    writeHead(this.#find("thead"), headings);
    writeRows(this.#find("tbody"), rows);
    this.#plot.show(this.#find("h2").textContent ?? "", points);
  }

  /** @param {string} selector */
  #find(selector) {
    return find(selector, HTMLElement, this.#section);
  }
}

/**
 * @param {HTMLElement} head
 * @param {string[]} headings
 */
function writeHead(head, headings) {
  const row = document.createElement("tr");
  for (const heading of headings) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = heading;
    row.append(cell);
  }
  head.replaceChildren(row);
}
