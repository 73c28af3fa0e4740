import { find } from "../common/find.js";

/**
 * @import { ReviewQueue } from "./review-queue.js"
 */

const NUMBER = new Intl.NumberFormat("en");
const DONE = "All is checked";

/** How much is left, and what there is to do when nothing can be shown. */
export class ReviewOverview {
  #left = find("#left", HTMLElement);
  #progress = find(".review progress", HTMLProgressElement);
  #disputes = find("#disputes", HTMLElement);
  #reviewed = find("#reviewed", HTMLElement);
  #isDisputed;

  /** @param {boolean} isDisputed  the entries are those about which reviewers disagree */
  constructor(isDisputed) {
    this.#isDisputed = isDisputed;
    find("#unsure", HTMLElement).hidden = !isDisputed;
  }

  /** @param {ReviewQueue} queue */
  show(queue) {
    if (!queue.isKnown) return;
    const { left, total, disputes } = queue.counts;
    this.#left.textContent = total ? `${NUMBER.format(left)} of ${NUMBER.format(total)} left` : "";
    this.#progress.value = total ? 1 - left / total : 1;
    this.#disputes.hidden = this.#isDisputed || disputes === 0;
    this.#disputes.textContent = `${disputes} ${disputes === 1 ? "disagreement" : "disagreements"}`;
    for (const button of document.querySelectorAll(".undo-review")) {
      /** @type {HTMLButtonElement} */ (button).disabled = !queue.canUndo;
    }
    this.#reviewed.hidden = !queue.isEmpty;
    this.#tell(left - queue.skipped, queue.skipped);
    find("#reviewed .again", HTMLElement).hidden = queue.skipped === 0;
  }

  /**
   * @param {number} elsewhere  entries that other reviewers have
   * @param {number} skipped
   */
  #tell(elsewhere, skipped) {
    const isShared = elsewhere > 0;
    find("h2", HTMLElement, this.#reviewed).textContent = isShared
      ? "Others have the rest"
      : skipped > 0
        ? "Only the skipped are left"
        : DONE;
    find("p", HTMLElement, this.#reviewed).textContent = isShared
      ? `${count(elsewhere)} with other reviewers. What they leave appears here.`
      : skipped > 0
        ? `You skipped ${skipped}.`
        : this.#isDisputed
          ? "No two reviewers disagree."
          : "What is not sure appears here as soon as it is saved.";
  }
}

/** @param {number} entries */
function count(entries) {
  return entries === 1 ? "1 reading is" : `${NUMBER.format(entries)} readings are`;
}
