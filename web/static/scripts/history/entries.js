import { find } from "../common/find.js";
import { MAKER, THRESHOLD } from "../common/settings.js";
import { writeLines } from "../reading/line-text.js";
import { areUncertain, certaintyInWords, linesOf, typedLines } from "../reading/lines.js";
import { inOneLine } from "../reading/words.js";

/**
 * What is known of an entry, and what it says.
 *
 * @import { Entry } from "../common/contract.js"
 */

const SOURCES = { canvas: "Drawn", upload: "Uploaded" };

/**
 * Return the place of an entry in the history: newer ones are greater.
 * @param {Pick<Entry, "id" | "timestamp">} entry
 */
export function cursorOf({ timestamp, id }) {
  return `${timestamp}~${id}`;
}

/**
 * Return a cursor just above an entry: it is the newest of those before the cursor.
 * @param {Pick<Entry, "timestamp">} entry
 */
export function cursorAbove({ timestamp }) {
  return `${timestamp}~ffffffff-ffff-ffff-ffff-ffffffffffff`;
}

/** Return whether the entry may be changed here. @param {Entry} entry */
export function isOwn({ owner, maker }) {
  return owner !== null || maker === MAKER;
}

/** @param {Pick<Entry, "predicted" | "corrected">} entry */
export function textOf({ predicted, corrected }) {
  return corrected ?? predicted;
}

/** @param {number} count */
export function countInWords(count) {
  return count === 1 ? "1 reading" : `${count} readings`;
}

/**
 * Write what an entry says into the parts of an element, and show what can be done with an own one.
 * @param {HTMLElement} element
 * @param {Entry} entry
 */
export function writeEntry(element, entry) {
  const { corrected, disputed, reading, input_type } = entry;
  const write = (/** @type {string} */ selector, /** @type {string} */ text) => {
    find(selector, HTMLElement, element).textContent = text;
  };
  const lines = linesOf(reading, THRESHOLD);
  element.classList.toggle("uncertain", areUncertain(lines) && corrected === null);
  element.classList.toggle("disputed", disputed === true);
  const text = find(".text", HTMLElement, element);
  writeLines(text, corrected === null ? lines : typedLines(corrected));
  write(".original", original(entry));
  write(".confidence", certaintyInWords(lines));
  write(".source", SOURCES[input_type]);
  for (const own of element.querySelectorAll(".own")) {
    /** @type {HTMLElement} */ (own).hidden = !isOwn(entry);
  }
}

/** Return what an entry was read as, if it says something else now. @param {Entry} entry */
function original({ predicted, corrected, disputed }) {
  if (corrected === null) return "";
  const read = corrected === predicted ? "checked" : `read as ${inOneLine(predicted)}`;
  return disputed ? `${read} · reviewers disagree` : read;
}
