/**
 * Check a correction by the server's rule (`Correction` in server/contract.py) before it is sent.
 * @param {string} text  lines joined by "\n", cells by "\t"
 * @returns {string} a sentence that says what to do; "" if the text can be sent
 */
export function correctionProblem(text) {
  return /[^0-9? \t\n]/.test(text) ? "Type only digits, ? and spaces. A / starts a new line." : "";
}
