import uPlot from "uplot";

/**
 * How each kind of plot looks.
 *
 * @import { Colors, Look } from "./plot.js"
 * @import { Point } from "./sections.js"
 */

const COMPACT = new Intl.NumberFormat("en", { notation: "compact" });
const WHOLE = [1, 2, 5, 10, 20, 50].flatMap((step) => [step, 100 * step, 10_000 * step]);
const STEPS = WHOLE.sort((one, other) => one - other);
const PERCENTS = [25, 50];
const LABEL_PX = 76; // room for "Sep 2026"
const SHARE_RANGE = /** @type {[number, number]} */ ([0, 106]); // a point at 100 is whole

/**
 * Bars over periods.
 * @param {Point[]} points
 * @param {Colors} colors
 * @returns {Look}
 */
export function barsOver(points, colors) {
  return {
    options: {
      scales: {
        x: { time: false, range: besides },
        y: { range: (_, __, max) => [0, Math.max(1, max) * 1.06] },
      },
      axes: [
        periodAxis(points, colors),
        axis(colors, {
          incrs: STEPS,
          values: (_, ticks) => ticks.map((tick) => COMPACT.format(tick)),
        }),
      ],
      series: [
        {},
        {
          stroke: colors.series,
          fill: colors.series,
          points: { show: false },
          paths: uPlot.paths.bars?.({ size: [0.7, 48] }),
        },
      ],
    },
    data: dataOf(points),
  };
}

/**
 * Shares in percent over periods, and their rolling mean.
 * @param {Point[]} points
 * @param {Colors} colors
 * @returns {Look}
 */
export function sharesOver(points, colors) {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  return {
    options: {
      scales: { x: { time: false, range: besides }, y: { range: SHARE_RANGE } },
      axes: [periodAxis(points, colors), shareAxis(colors)],
      series: [
        {},
        { ...dots(colors), width: 0 },
        { stroke: colors.series, width: 2, spanGaps: true, points: { show: false } },
      ],
    },
    data: [xs, ys, points.map(({ mean = null }) => mean)],
  };
}

/**
 * Shares in percent by certainty, beside those that were to be expected.
 * @param {Point[]} points
 * @param {Colors} colors
 * @returns {Look}
 */
export function sharesByCertainty(points, colors) {
  const xs = [0, ...points.map(({ x }) => x), 100];
  return {
    options: {
      scales: { x: { time: false, range: [0, 100] }, y: { range: SHARE_RANGE } },
      axes: [shareAxis(colors, { label: "Certainty", labelSize: 20, size: 32 }), shareAxis(colors)],
      series: [
        {},
        { stroke: colors.ideal, width: 2, dash: [6, 5], points: { show: false } },
        dots(colors),
      ],
    },
    data: [xs, xs, [null, ...points.map(({ y }) => y), null]],
  };
}

/** @param {Point[]} points @returns {uPlot.AlignedData} */
function dataOf(points) {
  return [points.map(({ x }) => x), points.map(({ y }) => y)];
}

/** Half a period on both sides. @type {uPlot.Range.Function} */
const besides = (_plot, min, max) => [min - 0.5, max + 0.5];

/** @param {Colors} colors @returns {uPlot.Series} */
function dots({ series }) {
  return {
    stroke: series,
    width: 2,
    spanGaps: true,
    points: { show: true, size: 8, fill: series },
  };
}

/**
 * @param {Point[]} points
 * @param {Colors} colors
 */
function periodAxis(points, colors) {
  const values = (/** @type {uPlot} */ _, /** @type {number[]} */ ticks) =>
    ticks.map((tick) => points[tick]?.label ?? "");
  return axis(colors, { incrs: STEPS, values, space: LABEL_PX, size: 32, grid: { show: false } });
}

/**
 * @param {Colors} colors
 * @param {uPlot.Axis} more
 */
function shareAxis(colors, more = {}) {
  const values = (/** @type {uPlot} */ _, /** @type {number[]} */ ticks) =>
    ticks.map((tick) => (tick > 100 ? "" : `${tick}%`));
  return axis(colors, { incrs: PERCENTS, values, ...more });
}

/**
 * @param {Colors} colors
 * @param {uPlot.Axis} more
 * @returns {uPlot.Axis}
 */
function axis({ text, grid }, more) {
  const lines = { stroke: grid, width: 1 };
  const font = "12px system-ui, sans-serif";
  return {
    stroke: text,
    font,
    labelFont: font,
    size: 52,
    ticks: lines,
    ...more,
    grid: { ...lines, ...more.grid },
  };
}
