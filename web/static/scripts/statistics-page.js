/** The wiring of the statistics page. */

import { find } from "./common/find.js";
import { page } from "./open-page.js";
import { CellDialog } from "./statistics/cell-dialog.js";
import { Chart } from "./statistics/chart.js";
import { ConfusionMatrix } from "./statistics/confusion-matrix.js";
import { LiveStatistics } from "./statistics/live-statistics.js";
import { toPeriods } from "./statistics/periods.js";
import { barsOver, sharesByCertainty, sharesOver } from "./statistics/plots.js";
import {
  accuracyOf,
  certaintyOf,
  digitsOf,
  examplesOf,
  modelsOf,
  perPeriod,
  totalsOf,
} from "./statistics/sections.js";
import { Table } from "./statistics/table.js";

/**
 * @import { Statistics } from "./common/contract.js"
 */

const mine = document.querySelector("#mine");
const isMine = () => mine instanceof HTMLInputElement && mine.checked;

const readings = new Chart("per-period", barsOver);
const certainty = new Chart("certainty", sharesByCertainty);
const accuracy = new Chart("accuracy", sharesOver);
const [digits, models, examples] = [
  new Table("digits"),
  new Table("models"),
  new Table("examples"),
];
const dialog = new CellDialog(isMine);
const matrix = new ConfusionMatrix((cell) => dialog.open(cell));

/** @param {Statistics} statistics */
function show(statistics) {
  for (const [id, text] of Object.entries(totalsOf(statistics))) {
    find(`#${id}`, HTMLElement).textContent = text;
  }
  const periods = toPeriods(statistics.days);
  find("#per-period-title", HTMLElement).textContent = `Readings per ${periods.unit}`;
  readings.show(perPeriod(periods));
  digits.show(digitsOf(statistics.digits));
  certainty.show(certaintyOf(statistics.certainties));
  matrix.show(statistics.cells);
  accuracy.show(accuracyOf(periods));
  models.show(modelsOf(statistics.models));
  examples.show(examplesOf(statistics.digits));
  page.message.clear();
}

const live = new LiveStatistics(page.connection, isMine, { take: show, fail: page.warn });
mine?.addEventListener("change", () => live.begin());
page.follow({
  untilPenUp: () => Promise.resolve(),
  losesNothing: () => scrollY === 0 && !document.querySelector("dialog[open]"),
});
