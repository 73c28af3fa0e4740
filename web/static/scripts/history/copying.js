import { copyAndTell } from "../common/clipboard.js";
import { asCopied } from "../list/numbers.js";
import { countInWords, textOf } from "./entries.js";

/**
 * @import { Selected } from "./selection.js"
 */

const FIELDS = "textarea, input:not([type=checkbox], [type=radio])";

/**
 * Copy entries, one number a line.
 * @param {Selected[]} entries
 * @returns {Promise<string>} a sentence that says what was done
 */
export function copyEntries(entries) {
  return copyAndTell(copied(entries), countInWords(entries.length));
}

/**
 * Copy entries where the user copies and has selected no text.
 * @param {() => Selected[]} read
 * @param {(sentence: string) => void} onCopied
 * @param {AbortSignal} signal
 */
export function copyWhereNothingIsSelected(read, onCopied, signal) {
  const copy = (/** @type {ClipboardEvent} */ event) => {
    const isField = event.target instanceof Element && event.target.matches(FIELDS);
    const entries = isField || String(getSelection()) ? [] : read();
    if (entries.length === 0) return;
    event.clipboardData?.setData("text/plain", copied(entries));
    event.preventDefault();
    onCopied(`Copied ${countInWords(entries.length)}.`);
  };
  document.addEventListener("copy", copy, { signal });
}

/** @param {Selected[]} entries */
function copied(entries) {
  return entries.map((entry) => asCopied(textOf(entry))).join("\n");
}
