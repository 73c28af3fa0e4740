/**
 * A fast pen moves several times between two screen frames, and `pointermove` tells of the last, at
 * the next frame. This dispatches each of these moves by itself, so that a fast stroke stays round,
 * and as soon as it is made where the browser tells of it so early (`pointerrawupdate`).
 * @param {() => boolean} isWanted
 * @param {(predicted: PointerEvent[]) => void} onPredicted  told at each screen frame where the
 *   browser expects the pen next, soonest first
 */
export function replayCoalescedMoves(isWanted, onPredicted) {
  const isEarly = "onpointerrawupdate" in globalThis;
  const replay = (/** @type {PointerEvent} */ event) => {
    const coalesced = event.getCoalescedEvents?.() ?? [];
    const moves = coalesced.length > 0 ? coalesced : [event];
    if (isWanted()) for (const move of moves) dispatchEvent(new PointerEvent("pointermove", move));
  };
  const follow = (/** @type {PointerEvent} */ event) => {
    if (!event.isTrusted || !isWanted()) return;
    event.stopImmediatePropagation();
    if (!isEarly) replay(event);
    onPredicted(event.getPredictedEvents?.() ?? []);
  };
  addEventListener("pointermove", follow, { capture: true });
  if (isEarly) addEventListener("pointerrawupdate", /** @type {EventListener} */ (replay));
}
