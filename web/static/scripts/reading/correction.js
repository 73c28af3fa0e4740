/**
 * Return a typed text as readings are written: one space between numbers, one tab between cells,
 * and no empty lines.
 * @param {string} typed
 */
export function tidied(typed) {
  return typed
    .split("\n")
    .map((line) =>
      line
        .replaceAll(/ *\t */g, "\t")
        .replaceAll(/ +/g, " ")
        .replaceAll(/^ | $/g, ""),
    )
    .filter(Boolean)
    .join("\n");
}

/**
 * Check a correction by the server's rule (`Correction` in server/contract.py) before it is sent.
 * @param {string} text
 * @returns {string} a sentence that says what to do; "" if the text can be sent
 */
export function correctionProblem(text) {
  return /[^0-9? \t\n]/.test(text) ? "Type only digits and ?, and spaces between numbers." : "";
}
