import { find } from "./find.js";

/**
 * @import { Filter } from "./contract.js"
 */

/** @param {Filter} filter */
export function queryOf(filter) {
  return new URLSearchParams(Object.entries(filter).map(([name, value]) => [name, String(value)]));
}

/**
 * Let the links to files offer what a filter selects.
 * @param {string} prefix  of their ids, which end with the type
 * @param {Filter} filter
 * @param {string[]} types
 */
export function linkExports(prefix, filter, types = ["csv", "xlsx"]) {
  for (const type of types) {
    find(`#${prefix}-${type}`, HTMLAnchorElement).href = `/api/export.${type}?${queryOf(filter)}`;
  }
}
