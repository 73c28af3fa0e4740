/**
 * @import { Entry, Filter } from "../common/contract.js"
 */

/**
 * Return whether an entry passes a filter, by the server's rule (server/history/selection.py).
 * @param {Entry} entry
 * @param {Filter} filter
 * @param {string} maker  who filters
 */
export function matches(entry, filter, maker) {
  const { input_type, list, mine = false, made_from = "", made_until = "~" } = filter;
  return (
    (!input_type || entry.input_type === input_type) &&
    (!list || entry.list === list) &&
    (!(mine || list) || entry.maker === maker) &&
    entry.timestamp >= made_from &&
    entry.timestamp <= made_until &&
    holds(entry, filter) &&
    says(entry, filter.search ?? "")
  );
}

/**
 * @param {Entry} entry
 * @param {Filter} filter
 */
function holds(entry, { uncertain, corrected, disputed }) {
  const isCorrected = entry.corrected !== null;
  const isUncertain = entry.uncertain && !isCorrected;
  return (
    (uncertain ?? isUncertain) === isUncertain &&
    (corrected ?? isCorrected) === isCorrected &&
    (disputed ?? entry.disputed) === entry.disputed
  );
}

/**
 * @param {Entry} entry
 * @param {string} search
 */
function says({ predicted, corrected }, search) {
  return predicted.includes(search) || (corrected?.includes(search) ?? false);
}
