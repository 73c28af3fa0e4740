/**
 * Let the user drag the rows of a list by their grips.
 * @param {HTMLElement} list
 * @param {(row: HTMLElement) => void} onMoved
 */
export function inOrderByHand(list, onMoved) {
  list.addEventListener("pointerdown", (event) => {
    const grip = /** @type {Element} */ (event.target).closest(".grip:not(:disabled)");
    const row = /** @type {HTMLElement | null} */ (grip?.closest("li") ?? null);
    if (row && event.isPrimary && event.button === 0) drag(list, row, event, onMoved);
  });
}

/**
 * @param {HTMLElement} list
 * @param {HTMLElement} row
 * @param {PointerEvent} press
 * @param {(row: HTMLElement) => void} onMoved
 */
function drag(list, row, press, onMoved) {
  const next = row.nextElementSibling;
  const leaving = new AbortController();
  const { signal } = leaving;
  const end = (/** @type {boolean} */ isKept) => {
    leaving.abort();
    row.classList.remove("dragged");
    if (!isKept) list.insertBefore(row, next?.parentElement === list ? next : null);
    else if (row.nextElementSibling !== next) onMoved(row);
  };
  row.classList.add("dragged");
  list.setPointerCapture(press.pointerId);
  list.addEventListener("pointermove", ({ clientY }) => follow(list, row, clientY), { signal });
  list.addEventListener("pointerup", () => end(true), { signal });
  list.addEventListener("pointercancel", () => end(false), { signal });
}

/**
 * Put the row where the pointer is.
 * @param {HTMLElement} list
 * @param {HTMLElement} row
 * @param {number} y  of the pointer, in the window
 */
function follow(list, row, y) {
  const others = [...list.children].filter((other) => other !== row);
  const after = others.find((other) => y < middleOf(other)) ?? null;
  if (row.nextElementSibling !== after) list.insertBefore(row, after);
  row.scrollIntoView({ block: "nearest" });
}

/** @param {Element} element */
function middleOf(element) {
  const { top, height } = element.getBoundingClientRect();
  return top + height / 2;
}
