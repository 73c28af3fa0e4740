/**
 * Dispatch every move of the pen as a `pointermove` of its own. Browsers coalesce the moves between
 * two screen frames into one event, which makes a fast stroke angular. Where the browser has
 * `pointerrawupdate`, each move is dispatched at once, else at the next frame.
 * @param {() => boolean} isWanted
 * @param {(predicted: PointerEvent[]) => void} onPredicted  called at each screen frame with the
 *   positions that the browser predicts, soonest first
 * @param {AbortSignal} signal
 */
export function replayCoalescedMoves(isWanted, onPredicted, signal) {
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
  addEventListener("pointermove", follow, { capture: true, signal });
  if (!isEarly) return;
  addEventListener("pointerrawupdate", /** @type {EventListener} */ (replay), { signal });
}
