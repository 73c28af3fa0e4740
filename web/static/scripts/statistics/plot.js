import uPlot from "uplot";

/**
 * @import { Point } from "./sections.js"
 *
 * @typedef {{text: string, grid: string, series: string, ideal: string}} Colors
 *
 * @typedef {object} Look
 * @property {Omit<uPlot.Options, "width" | "height">} options
 * @property {uPlot.AlignedData} data
 *
 * @typedef {(points: Point[], colors: Colors) => Look} MakeOptions
 */

const HEIGHT_PX = 220;
const HINT = "Point at the plot, or use the arrow keys.";
const SCHEMES = ["(prefers-color-scheme: dark)", "(forced-colors: active)"];

/**
 * A plot whose points are told when a pointer or the arrow keys reach them. To a screen reader it is
 * a slider: it reads each point, and hands the arrow keys on.
 */
export class Plot {
  #host;
  #makeOptions;
  #onPoint;
  /** @type {Point[]} */ #points = [];
  #at = 0;
  #isPointedAt = false;
  /** @type {uPlot | null} */ #plot = null;

  /**
   * @param {HTMLElement} host
   * @param {MakeOptions} makeOptions
   * @param {(words: string) => void} onPoint
   */
  constructor(host, makeOptions, onPoint) {
    this.#host = host;
    this.#makeOptions = makeOptions;
    this.#onPoint = onPoint;
    host.role = "slider";
    host.tabIndex = 0;
    host.addEventListener("keydown", (event) => this.#press(event));
    new ResizeObserver(() => this.#fit()).observe(host);
    for (const scheme of SCHEMES) matchMedia(scheme).addEventListener("change", () => this.#draw());
  }

  /**
   * @param {string} name
   * @param {Point[]} points  none: the plot is hidden
   */
  show(name, points) {
    this.#points = points;
    this.#host.hidden = points.length === 0;
    this.#host.ariaLabel = name;
    this.#host.ariaValueMin = "1";
    this.#host.ariaValueMax = String(points.length);
    this.#note(Math.min(this.#at, Math.max(points.length - 1, 0)));
    this.#draw();
    if (points.length === 0) this.#onPoint("");
    else this.#onPoint(this.#isPointedAt ? this.#words : HINT);
  }

  get #words() {
    return this.#points[this.#at]?.words ?? "";
  }

  #draw() {
    this.#plot?.destroy();
    this.#plot = null;
    if (this.#points.length === 0) return;
    const { options, data } = this.#makeOptions(this.#points, colorsOf(this.#host));
    const size = { width: this.#host.clientWidth, height: HEIGHT_PX };
    const setCursor = (/** @type {uPlot} */ plot) => this.#pointAt(plot);
    const live = { hooks: { setCursor: [setCursor] }, ...size };
    this.#plot = new uPlot({ ...COMMON, ...options, ...live }, data, this.#host);
  }

  #fit() {
    const width = this.#host.clientWidth;
    if (width && this.#plot && this.#plot.width !== width) {
      this.#plot.setSize({ width, height: HEIGHT_PX });
    }
  }

  /** @param {uPlot} plot */
  #pointAt(plot) {
    const x = plot.data[0][plot.cursor.idx ?? -1];
    const at = this.#points.findIndex((point) => point.x === x);
    if (at < 0) return;
    this.#tell(at);
  }

  /** @param {number} at */
  #tell(at) {
    this.#isPointedAt = true;
    this.#note(at);
    this.#onPoint(this.#words);
  }

  /** @param {number} at */
  #note(at) {
    this.#at = at;
    this.#host.ariaValueNow = String(at + 1);
    this.#host.ariaValueText = this.#words;
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const last = this.#points.length - 1;
    const places = { ArrowLeft: this.#at - 1, ArrowRight: this.#at + 1, Home: 0, End: last };
    const place = places[/** @type {keyof typeof places} */ (event.key)];
    if (place === undefined) return;
    event.preventDefault();
    const at = Math.min(Math.max(place, 0), last);
    const point = this.#points[at];
    if (!point || !this.#plot) return;
    const left = this.#plot.valToPos(point.x, "x");
    this.#plot.setCursor({ left, top: this.#plot.valToPos(point.y ?? 0, "y") });
    this.#tell(at);
  }
}

/** @type {Partial<uPlot.Options>} */
const COMMON = {
  legend: { show: false },
  cursor: { y: false, drag: { x: false, y: false } },
  padding: [12, 22, 0, 0],
};

/** The colors of a plot: those of its element, so that every theme has its own. @param {Element} host */
function colorsOf(host) {
  const { color, borderTopColor, columnRuleColor, textDecorationColor } = getComputedStyle(host);
  return { text: color, grid: borderTopColor, series: columnRuleColor, ideal: textDecorationColor };
}
