/**
 * @import { Entry, Filter } from "../common/contract.js"
 */

/**
 * Return whether an entry matches a filter, by the server's rule (server/history/findings.py).
 * @param {Pick<Entry, "input_type" | "predicted" | "corrected">} entry
 * @param {Filter} filter
 */
export function matches({ input_type, predicted, corrected }, { input_type: source, search = "" }) {
  if (source && source !== input_type) return false;
  return predicted.includes(search) || (corrected?.includes(search) ?? false);
}
