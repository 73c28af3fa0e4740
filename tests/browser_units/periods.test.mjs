import assert from "node:assert/strict";
import { test } from "node:test";
import { toPeriods } from "../../web/static/scripts/statistics/periods.js";

const tally = (day, right = 1) => ({ day, unchecked: 0, right, wrong: 0 });
const shown = ({ unit, periods }) => [unit, periods.map(({ name, right }) => [name, right])];

test("no day makes no period", () => {
  assert.deepEqual(toPeriods([]), { unit: "day", periods: [] });
});

test("days without a reading are between those with one", () => {
  assert.deepEqual(shown(toPeriods([tally("2026-02-28"), tally("2026-03-02", 3)])), [
    "day",
    [
      ["Feb 28, 2026", 1],
      ["Mar 1, 2026", 0],
      ["Mar 2, 2026", 3],
    ],
  ]);
});

test("weeks begin on Monday", () => {
  const { unit, periods } = toPeriods([
    tally("2026-01-04"),
    tally("2026-01-05"),
    tally("2026-06-30"),
  ]);
  assert.equal(unit, "week");
  assert.deepEqual(
    [periods[0].name, periods[1].name, periods.at(-1).name],
    ["Week of Dec 29, 2025", "Week of Jan 5, 2026", "Week of Jun 29, 2026"],
  );
  assert.equal(periods.length, 27);
});

test("months follow each other, whatever their length", () => {
  const { unit, periods } = toPeriods([
    tally("2024-01-31"),
    tally("2024-02-29"),
    tally("2026-12-01"),
  ]);
  assert.equal(unit, "month");
  assert.deepEqual(
    [periods[0].name, periods[1].name, periods.at(-1).name],
    ["Jan 2024", "Feb 2024", "Dec 2026"],
  );
  assert.equal(periods.length, 36);
});

test("no reading is lost", () => {
  for (const last of ["2026-01-02", "2026-09-30", "2031-05-05"]) {
    const days = ["2026-01-01", "2026-01-02", last].map((day) => tally(day, 2));
    const { periods } = toPeriods(days);
    assert.equal(
      periods.reduce((sum, { right }) => sum + right, 0),
      6,
    );
  }
});
