const CLICK_MS = 400; // within which the click of a tap comes, if it comes

/**
 * Act when a button is pressed. A finger or pen presses it when it leaves it: after a quick stroke
 * a browser may take the tap for the end of a fling and send no click.
 * @param {HTMLButtonElement} button
 * @param {() => void} act
 */
export function onPress(button, act) {
  let pressed_ms = -Infinity;
  button.addEventListener("pointerup", (event) => {
    if (event.pointerType === "mouse" || !event.isPrimary || !isOver(button, event)) return;
    pressed_ms = event.timeStamp;
    act();
  });
  button.addEventListener("click", ({ timeStamp }) => {
    if (timeStamp - pressed_ms > CLICK_MS) act();
  });
}

/**
 * @param {Element} element
 * @param {PointerEvent} event
 */
function isOver(element, { clientX, clientY }) {
  return element.contains(document.elementFromPoint(clientX, clientY));
}
