import { THRESHOLD } from "../common/settings.js";
import { textOf } from "../history/entries.js";
import { certaintyInWords, doubtInLines, linesOf } from "../reading/lines.js";
import { inOneLine } from "../reading/words.js";

/**
 * What there is to decide about an entry.
 *
 * @import { Entry, Review } from "../common/contract.js"
 */

const MAX_TEXTS = 5;

/**
 * Return whether an entry is still to be reviewed.
 * @param {Entry} entry
 * @param {boolean} isDisputed  about which reviewers disagree
 */
export function isOpen(entry, isDisputed) {
  return isDisputed ? entry.disputed : entry.corrected === null;
}

/**
 * Return the texts that an entry may say, each once, the one that it says now first.
 * @param {Review} review
 */
export function textsOf({ entry, decisions }) {
  const said = entry.disputed ? decisions.map(({ text }) => text).reverse() : [];
  const alternatives = entry.reading.alternatives ?? [];
  const read = [entry.predicted, entry.reread ?? "", ...alternatives.map(({ text }) => text)];
  const texts = [textOf(entry), ...said, ...read].filter(Boolean);
  return [...new Set(texts)].slice(0, MAX_TEXTS);
}

/** Return why an entry is to be reviewed. @param {Review} review */
export function reasonOf({ entry, decisions }) {
  const { reread, predicted, disputed, reading } = entry;
  if (disputed) return `Reviewers disagree: ${opinions(decisions)}.`;
  const lines = linesOf(reading, THRESHOLD);
  const doubt = doubtInLines(lines);
  if (entry.uncertain || doubt) return [certaintyInWords(lines), doubt].filter(Boolean).join(" · ");
  if (reread !== null && reread !== predicted) return `A newer model reads ${inOneLine(reread)}.`;
  return certaintyInWords(lines);
}

/** @param {Review["decisions"]} decisions */
function opinions(decisions) {
  const last = new Map(decisions.map(({ reviewer, text }) => [reviewer, text]));
  return [...new Set(last.values())].map(inOneLine).join(" or ");
}
