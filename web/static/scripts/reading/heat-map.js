/**
 * Heat maps: the input of the network, tinted by the evidence for and against a label.
 *
 * @typedef {number[][]} Levels  rows of numbers
 * @typedef {[number, number, number]} Color
 */

/** @type {Color} */ const FOR = [74, 144, 255];
/** @type {Color} */ const AGAINST = [255, 138, 46];
/** @type {Color} */ const NEITHER = [170, 170, 170];
/** In nats: the evidence that is shown in full color, if none is stronger. */
const STRONG = 2;
/** Brightness of the strongest evidence on paper without ink. */
const GLOW = 0.3;

/**
 * Paint the input of the network.
 * @param {HTMLCanvasElement} canvas
 * @param {Levels} seen  0 to 255
 */
export function paintSeen(canvas, seen) {
  paint(canvas, seen, (level) => [level, level, level]);
}

/**
 * Paint the evidence: blue where a place speaks for the label, orange where it speaks against it.
 * @param {HTMLCanvasElement} canvas
 * @param {Levels} seen  0 to 255
 * @param {Levels} evidence  of one label, in nats
 * @param {number} strongest  the strongest evidence of any label, in nats
 */
export function paintHeat(canvas, seen, evidence, strongest) {
  const [rows, columns] = sizes(seen);
  const [cellRows, cellColumns] = sizes(evidence);
  paint(canvas, seen, (level, x, y) => {
    const at = interpolate(
      evidence,
      ((x + 0.5) / columns) * cellColumns - 0.5,
      ((y + 0.5) / rows) * cellRows - 0.5,
    );
    const strength = Math.min(1, Math.abs(at) / Math.max(strongest, STRONG));
    const color = mix(NEITHER, at > 0 ? FOR : AGAINST, Math.sqrt(strength));
    const light = Math.max(level / 255, GLOW * strength);
    return mix([0, 0, 0], color, light);
  });
}

/** Return the strongest evidence for or against any label, in nats. @param {Levels[]} maps */
export function strongestOf(maps) {
  return Math.max(...maps.flat(2).map(Math.abs));
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Levels} seen
 * @param {(level: number, x: number, y: number) => Color} colorAt
 */
function paint(canvas, seen, colorAt) {
  const [height, width] = sizes(seen);
  canvas.width = width;
  canvas.height = height;
  const image = new ImageData(width, height);
  seen.forEach((row, y) => {
    row.forEach((level, x) => {
      image.data.set([...colorAt(level, x, y), 255], 4 * (y * width + x));
    });
  });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.putImageData(image, 0, 0);
}

/** @param {Levels} levels */
function sizes(levels) {
  return /** @type {[number, number]} */ ([levels.length, levels[0]?.length ?? 0]);
}

/**
 * Interpolate between the four cells around a place (bilinear); outside, take the nearest cell.
 * @param {Levels} cells
 * @param {number} x
 * @param {number} y
 */
function interpolate(cells, x, y) {
  const [rows, columns] = sizes(cells);
  const cell = (/** @type {number} */ row, /** @type {number} */ column) =>
    cells[clamp(row, rows)]?.[clamp(column, columns)] ?? 0;
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [dx, dy] = [x - left, y - top];
  const upper = cell(top, left) * (1 - dx) + cell(top, left + 1) * dx;
  const lower = cell(top + 1, left) * (1 - dx) + cell(top + 1, left + 1) * dx;
  return upper * (1 - dy) + lower * dy;
}

/**
 * @param {number} index
 * @param {number} length
 */
function clamp(index, length) {
  return Math.min(Math.max(index, 0), length - 1);
}

/**
 * @param {Color} from
 * @param {Color} to
 * @param {number} share
 * @returns {Color}
 */
function mix([r, g, b], [red, green, blue], share) {
  return [r + (red - r) * share, g + (green - g) * share, b + (blue - b) * share];
}
