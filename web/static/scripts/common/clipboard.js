/**
 * Copy a text, and return a sentence that says so.
 * @param {string} text
 * @param {string} named  in that sentence
 */
export async function copyAndTell(text, named) {
  const isCopied = await copyText(text);
  return isCopied ? `Copied ${named}.` : "The browser does not let this page copy.";
}

/**
 * Copy a text. Plain http has no Clipboard API; there a hidden field is copied.
 * @param {string} text
 * @returns {Promise<boolean>} whether it was copied
 */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyFromField(text);
  }
}

/** @param {string} text */
function copyFromField(text) {
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  (document.querySelector("dialog:modal") ?? document.body).append(field);
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  focused?.focus();
  return isCopied;
}
