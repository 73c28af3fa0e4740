/**
 * What the statistics say: sentences, points of plots and rows of tables.
 *
 * @import {
 *   CellTally, CertaintyTally, DigitTally, ModelTally, Statistics,
 * } from "../common/contract.js"
 * @import { Periods } from "./periods.js"
 *
 * A point of a plot, with the words for whoever points at it. `mean` is that of some points up to it.
 * @typedef {{x: number, y: number | null, label: string, words: string, mean?: number | null}} Point
 *
 * @typedef {object} Plotted
 * @property {string} said
 * @property {Point[]} points  none: nothing is plotted
 * @property {string[]} headings
 * @property {string[][]} rows
 *
 * A cell with a share is drawn as a bar.
 * @typedef {{said: string, rows: (string | number)[][]}} Tabled
 */

const NUMBER = new Intl.NumberFormat("en");
const SHARE = new Intl.NumberFormat("en", { style: "percent", roundingMode: "trunc" });
const DAYS = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeZone: "UTC" });
const EDGES_PERCENT = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99, 100]; // of groups
const SURE_PERCENT = 90;
const ROLLING = 7; // periods

/** @param {{right: number, wrong: number}} tally */
const checkedOf = ({ right, wrong }) => right + wrong;
/** @param {{unchecked: number, right: number, wrong: number}} tally */
const readingsOf = ({ unchecked, right, wrong }) => unchecked + right + wrong;
/** @param {number[]} numbers */
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

/**
 * @param {number} count
 * @param {string} one
 * @returns {string} "1 reading", "1,200 readings"
 */
export function countOf(count, one) {
  return `${NUMBER.format(count)} ${one}${count === 1 ? "" : "s"}`;
}

/** @param {{right: number, wrong: number}} tally @returns {string} "95%", "–" if none is checked */
export function shareOf({ right, wrong }) {
  return right + wrong ? SHARE.format(right / (right + wrong)) : "–";
}

/** @param {{right: number, wrong: number}} tally @returns {number | null} null: none is checked */
function percentOf({ right, wrong }) {
  return right + wrong ? (100 * right) / (right + wrong) : null;
}

/** @param {{right: number, wrong: number}[]} tallies */
function totalOf(tallies) {
  return {
    right: sum(tallies.map((each) => each.right)),
    wrong: sum(tallies.map((each) => each.wrong)),
  };
}

/** @param {{right: number, wrong: number}} tally @returns {string} "95% right, 19 of 20" */
function rightInWords(tally) {
  const checked = checkedOf(tally);
  if (checked === 0) return "nothing checked";
  return `${shareOf(tally)} right, ${NUMBER.format(tally.right)} of ${NUMBER.format(checked)}`;
}

/** @param {Statistics} statistics @returns {Record<string, string>} by the id of the element */
export function totalsOf({ days, digits }) {
  const total = totalOf(days);
  return {
    readings: NUMBER.format(sum(days.map(readingsOf))),
    checked: NUMBER.format(checkedOf(total)),
    right: shareOf(total),
    "saved-by-examples": NUMBER.format(sum(digits.map(({ kept }) => kept))),
  };
}

/** @param {Periods} periods @returns {Plotted} */
export function perPeriod({ unit, periods }) {
  const counts = periods.map(readingsOf);
  const most = counts.indexOf(Math.max(...counts));
  const spread = `${countOf(sum(counts), "reading")} in ${countOf(periods.length, unit)}`;
  const peak = `most in one ${unit}: ${NUMBER.format(counts[most] ?? 0)} (${periods[most]?.name})`;
  return {
    said: periods.length
      ? `${spread}; ${peak}.`
      : "Nothing yet — draw a number or upload a photo, and it is counted here.",
    points: periods.map(({ label, name }, x) => {
      const count = counts[x] ?? 0;
      return { x, y: count, label, words: `${name}: ${countOf(count, "reading")}` };
    }),
    headings: [capital(unit), "Readings"],
    rows: periods.map(({ name }, x) => [name, NUMBER.format(counts[x] ?? 0)]),
  };
}

/** @param {Periods} periods @returns {Plotted} */
export function accuracyOf({ unit, periods }) {
  const { right, wrong } = totalOf(periods);
  const checked = right + wrong;
  const points = periods.map((period, x) => ({
    x,
    y: percentOf(period),
    mean: percentOf(totalOf(periods.slice(Math.max(0, x + 1 - ROLLING), x + 1))),
    label: period.label,
    words: `${period.name}: ${rightInWords(period)}`,
  }));
  return {
    said: checked
      ? `${NUMBER.format(right)} of ${countOf(checked, "checked reading")} ${right === 1 ? "was" : "were"} right. Each point is a ${unit}; the line is the share of that ${unit} and the ${ROLLING - 1} before.`
      : "Nothing yet — correct or confirm a reading in the history, and it is counted here.",
    points: checked ? points : [],
    headings: [capital(unit), "Checked", "Right"],
    rows: periods
      .filter(checkedOf)
      .map((period) => [period.name, NUMBER.format(checkedOf(period)), shareOf(period)]),
  };
}

/** @param {CertaintyTally[]} tallies @returns {Plotted} */
export function certaintyOf(tallies) {
  const groups = inGroups(tallies);
  return {
    said: sureInWords(tallies),
    points: groups.map((group) => ({
      x: group.certainty,
      y: percentOf(group),
      label: group.name,
      words: `Certainty of ${group.name}: ${rightInWords(group)}`,
    })),
    headings: ["Certainty", "Checked", "Right"],
    rows: groups.map((group) => [group.name, NUMBER.format(checkedOf(group)), shareOf(group)]),
  };
}

/** Put similar certainties together. @param {CertaintyTally[]} tallies */
function inGroups(tallies) {
  return EDGES_PERCENT.slice(1).flatMap((to, place) => {
    const from = EDGES_PERCENT[place] ?? 0;
    const group = tallies.filter(({ percent }) => from <= percent && percent < to);
    return group.length === 0 ? [] : [{ name: `${from}% to ${to}%`, ...addUp(group) }];
  });
}

/** Add up tallies; their mean certainty, in percent. @param {CertaintyTally[]} tallies */
function addUp(tallies) {
  const total = totalOf(tallies);
  // The middle of a percent: it was rounded down.
  const certainties = tallies.map((each) => (each.percent + 0.5) * checkedOf(each));
  return { ...total, certainty: sum(certainties) / checkedOf(total) };
}

/** @param {CertaintyTally[]} tallies */
function sureInWords(tallies) {
  if (tallies.length === 0) {
    return "Nothing yet — correct or confirm some readings, and you see here how far to trust “90%”.";
  }
  const sure = addUp(tallies.filter(({ percent }) => percent >= SURE_PERCENT));
  const checked = checkedOf(sure);
  if (checked === 0) return "No reading with a certainty of 90% or more is checked yet.";
  const are = checked === 1 ? "is" : "are";
  const mean = SHARE.format(sure.certainty / 100);
  return `Of ${countOf(checked, "checked reading")} with a certainty of 90% or more, ${shareOf(sure)} ${are} right. Their mean certainty is ${mean}.`;
}

/** @param {DigitTally[]} tallies @returns {Tabled} */
export function digitsOf(tallies) {
  const most = Math.max(...tallies.map(({ read }) => read));
  const total = sum(tallies.map(({ read }) => read));
  return {
    said: total
      ? `${countOf(total, "digit")} ${total === 1 ? "was" : "were"} read.`
      : "Nothing yet — each digit that is read is counted here.",
    rows: total
      ? tallies.map(({ digit, read }) => [String(digit), NUMBER.format(read), read / most])
      : [],
  };
}

/** @param {ModelTally[]} tallies @returns {Tabled} */
export function modelsOf(tallies) {
  return {
    said:
      tallies.length === 0
        ? "Nothing yet — the first reading names the model that read it."
        : `${countOf(tallies.length, "model")} so far, the oldest first. A model's name is the start of its checksum.`,
    rows: tallies.map((tally) => [
      `${tally.model}\n${DAYS.formatRange(Date.parse(tally.first), Date.parse(tally.last))}`,
      NUMBER.format(readingsOf(tally)),
      NUMBER.format(checkedOf(tally)),
      shareOf(tally),
    ]),
  };
}

/** @param {DigitTally[]} tallies @returns {Tabled} */
export function examplesOf(tallies) {
  const taught = tallies.filter(({ kept, lost }) => kept + lost > 0);
  const kept = sum(taught.map((each) => each.kept));
  const lost = sum(taught.map((each) => each.lost));
  const stayed = `${countOf(kept, "digit")} ${kept === 1 ? "was" : "were"} read by personal examples and stayed`;
  return {
    said:
      taught.length === 0
        ? "Nothing yet — correct a reading, and digits like it that are read by your example count here."
        : `${stayed}: ${countOf(kept, "correction")} saved. ${NUMBER.format(lost)} ${lost === 1 ? "was" : "were"} corrected after all.`,
    rows: taught.map((each) => [
      String(each.digit),
      NUMBER.format(each.kept),
      NUMBER.format(each.lost),
    ]),
  };
}

/** @param {CellTally} cell */
function cellInWords({ read, written }) {
  if (read === null) return `${written} not read`;
  if (written === null) return `No digit read as ${read}`;
  return read === written ? `${written} read right` : `${written} read as ${read}`;
}

/** @param {CellTally} cell @returns {string} "1 read as 7, twice", "7 not read, 1,200 times" */
export function countedInWords(cell) {
  const { count } = cell;
  const times = count === 1 ? "once" : count === 2 ? "twice" : `${NUMBER.format(count)} times`;
  return `${cellInWords(cell)}, ${times}`;
}

/** @param {CellTally[]} cells @returns {string} */
export function confusionInWords(cells) {
  const right = sum(cells.filter(isRight).map(({ count }) => count));
  const wrong = sum(cells.map(({ count }) => count)) - right;
  if (right + wrong === 0)
    return "Nothing yet — correct or confirm a reading, and its digits are counted here.";
  return `${shareOf({ right, wrong })} of ${countOf(right + wrong, "checked digit")} ${right + wrong === 1 ? "was" : "were"} read right.`;
}

/** @param {CellTally} cell */
export function isRight({ read, written }) {
  return read === written;
}

/** @param {string} word */
function capital(word) {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
