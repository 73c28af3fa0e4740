/**
 * Days, put together into weeks or months where they are many.
 *
 * @import { DayTally } from "../common/contract.js"
 *
 * @typedef {"day" | "week" | "month"} Unit
 *
 * @typedef {object} Period
 * @property {string} label  "Jan 3"
 * @property {string} name  "Jan 3, 2026"
 * @property {number} unchecked
 * @property {number} right
 * @property {number} wrong
 *
 * @typedef {{unit: Unit, periods: Period[]}} Periods
 */

const DAY_MS = 86_400_000;
const MAX_PERIODS = 100;
const THURSDAY = 3; // of a week from Monday: the day of 1 January 1970

const SHORT = format({ month: "short", day: "numeric" });
const FULL = format({ dateStyle: "medium" });
const MONTH = format({ month: "short", year: "numeric" });

/** @type {Record<Unit, {label: (day: number) => string, name: (day: number) => string}>} */
const WORDS = {
  day: { label: SHORT, name: FULL },
  week: { label: SHORT, name: (day) => `Week of ${FULL(day)}` },
  month: { label: MONTH, name: MONTH },
};

/**
 * Return all periods from the first day to the last, also those without a reading.
 * @param {DayTally[]} days  in their order
 * @returns {Periods}
 */
export function toPeriods(days) {
  const numbers = days.map(({ day }) => Date.parse(day) / DAY_MS);
  const [first, last] = [numbers[0] ?? 0, numbers.at(-1) ?? -1];
  const unit = unitFor(last - first + 1);
  /** @type {Map<number, Period>} */ const periods = new Map();
  for (let start = startOf(unit, first); start <= last; start = nextOf(unit, start)) {
    const { label, name } = WORDS[unit];
    const words = { label: label(start), name: name(start) };
    periods.set(start, { ...words, unchecked: 0, right: 0, wrong: 0 });
  }
  for (const [place, { unchecked, right, wrong }] of days.entries()) {
    const period = periods.get(startOf(unit, numbers[place] ?? 0));
    if (!period) continue;
    period.unchecked += unchecked;
    period.right += right;
    period.wrong += wrong;
  }
  return { unit, periods: [...periods.values()] };
}

/** @param {number} days @returns {Unit} */
function unitFor(days) {
  if (days <= MAX_PERIODS) return "day";
  return days <= MAX_PERIODS * 7 ? "week" : "month";
}

/**
 * @param {Unit} unit
 * @param {number} day  since 1 January 1970
 */
function startOf(unit, day) {
  if (unit === "week") return day - ((day + THURSDAY) % 7);
  return unit === "month" ? day - new Date(day * DAY_MS).getUTCDate() + 1 : day;
}

/**
 * @param {Unit} unit
 * @param {number} start
 */
function nextOf(unit, start) {
  if (unit === "day") return start + 1;
  return startOf(unit, start + (unit === "week" ? 7 : 31));
}

/**
 * @param {Intl.DateTimeFormatOptions} options
 * @returns {(day: number) => string}
 */
function format(options) {
  const written = new Intl.DateTimeFormat("en", { ...options, timeZone: "UTC" });
  return (day) => written.format(day * DAY_MS);
}
