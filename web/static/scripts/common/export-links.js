import { find } from "./find.js";

/**
 * @import { Filter } from "./contract.js"
 */

const TYPES = ["csv", "xlsx"];

/** @param {Filter} filter */
export function queryOf(filter) {
  return new URLSearchParams(Object.entries(filter).map(([name, value]) => [name, String(value)]));
}

/**
 * Let the links to a CSV file and to a workbook offer what a filter selects.
 * @param {string} prefix  of their ids, which end with the type
 * @param {Filter} filter
 */
export function linkExports(prefix, filter) {
  for (const type of TYPES) {
    find(`#${prefix}-${type}`, HTMLAnchorElement).href = `/api/export.${type}?${queryOf(filter)}`;
  }
}
