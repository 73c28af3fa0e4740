/**
 * Show a dialog until it is closed by its buttons, by Esc or by a click beside it.
 * @param {HTMLDialogElement} dialog  its content covers its whole box
 * @returns {Promise<string>} the value of the button that closed it, or ""
 */
export function ask(dialog) {
  const asking = new AbortController();
  const { signal } = asking;
  let isPressedBeside = false;
  const press = (/** @type {Event} */ { target }) => {
    isPressedBeside = target === dialog;
  };
  // A drag that begins inside and ends beside the dialog is a click on it too.
  const click = (/** @type {Event} */ { target }) => {
    if (isPressedBeside && target === dialog) dialog.close();
  };
  dialog.addEventListener("pointerdown", press, { signal });
  dialog.addEventListener("click", click, { signal });
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    const close = () => {
      asking.abort();
      resolve(dialog.returnValue);
    };
    dialog.addEventListener("close", close, { signal });
  });
}
