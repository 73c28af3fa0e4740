/**
 * Align a corrected text with the text that was read, by the fewest changes (Wagner and Fischer,
 * "The string-to-string correction problem", 1974).
 * @param {string} read
 * @param {string} corrected
 * @returns {(number | null)[]} for each character of `corrected`, the index of its character in
 *   `read`; null: it was put in
 */
export function alignment(read, corrected) {
  const changes = countChanges(read, corrected);
  /** @type {(number | null)[]} */ const indexes = Array(corrected.length).fill(null);
  let [i, j] = [read.length, corrected.length];
  while (i > 0 && j > 0) {
    const left = changes(i, j);
    if (left === changes(i - 1, j - 1) + difference(read[i - 1], corrected[j - 1])) {
      i -= 1;
      j -= 1;
      indexes[j] = i;
    } else if (left === changes(i - 1, j) + 1) i -= 1;
    else j -= 1;
  }
  return indexes;
}

/**
 * Return a function that gives the fewest changes between the beginnings of two texts.
 * @param {string} read
 * @param {string} corrected
 * @returns {(i: number, j: number) => number}
 */
function countChanges(read, corrected) {
  const width = corrected.length + 1;
  const counts = new Float64Array((read.length + 1) * width);
  const at = (/** @type {number} */ i, /** @type {number} */ j) => counts[i * width + j] ?? 0;
  for (let i = 0; i <= read.length; i++) {
    for (let j = 0; j < width; j++) {
      counts[i * width + j] =
        i === 0 || j === 0
          ? i + j
          : Math.min(
              at(i - 1, j - 1) + difference(read[i - 1], corrected[j - 1]),
              at(i - 1, j) + 1,
              at(i, j - 1) + 1,
            );
    }
  }
  return at;
}

/**
 * White space never stands for a digit.
 * @param {string} [one]
 * @param {string} [other]
 */
function difference(one = "", other = "") {
  if (one === other) return 0;
  return /\s/.test(one) === /\s/.test(other) ? 1 : Number.POSITIVE_INFINITY;
}
