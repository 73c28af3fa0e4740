const SWIPE_PX = 60;

/**
 * Tell when a finger swipes sideways over an element, which follows it. On a page that is zoomed,
 * the finger moves the page.
 * @param {HTMLElement} element  scrolls up and down only (touch-action)
 * @param {(direction: "left" | "right") => void} onSwipe
 */
export function onSwipe(element, onSwipe) {
  /** @type {PointerEvent | null} */ let first = null;
  const isZoomed = () => (visualViewport?.scale ?? 1) > 1;
  const moved_px = (/** @type {PointerEvent} */ { clientX }) =>
    first ? clientX - first.clientX : 0;
  const follow = (/** @type {number} */ by_px) => {
    element.style.setProperty("--swiped", `${by_px}px`);
  };
  const end = () => {
    first = null;
    follow(0);
  };
  element.addEventListener("pointerdown", (event) => {
    end();
    const isFinger = event.pointerType === "touch" && event.isPrimary; // a second one zooms
    if (isFinger && !isZoomed()) first = event;
  });
  element.addEventListener("pointermove", (event) => follow(moved_px(event)));
  element.addEventListener("pointercancel", end);
  element.addEventListener("pointerup", (event) => {
    const by_px = moved_px(event);
    end();
    if (Math.abs(by_px) > SWIPE_PX) onSwipe(by_px > 0 ? "right" : "left");
  });
  visualViewport?.addEventListener("resize", () => {
    element.style.touchAction = isZoomed() ? "auto" : "";
  });
}
