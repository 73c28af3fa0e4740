/** The sentence that refuses a letter. */
export const NOT_IN_TEXT = "Digits and signs only: - . , / : + %, and ? for anything else.";

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

/** Return whether a character of the keyboard may stand in a number. @param {string} key */
export function isInText(key) {
  return /^[0-9.,/:+%?-]$/.test(key);
}

/**
 * Check a correction by the server's rule (`Correction` in server/contract/fields.py) before it is sent.
 * @param {string} text
 * @returns {string} a sentence that says what to do; "" if the text can be sent
 */
export function correctionProblem(text) {
  return /[^0-9.,/:+%? \t\n-]/.test(text) ? NOT_IN_TEXT : "";
}
