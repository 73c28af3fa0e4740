/**
 * A fast pen moves several times between two screen frames, and `pointermove` tells of the last.
 * This dispatches each of these moves by itself, so that a fast stroke stays round.
 * @param {() => boolean} isWanted
 */
export function replayCoalescedMoves(isWanted) {
  const replay = (/** @type {PointerEvent} */ event) => {
    const moves = event.getCoalescedEvents?.() ?? [];
    if (!event.isTrusted || moves.length < 2 || !isWanted()) return;
    event.stopImmediatePropagation();
    for (const move of moves) dispatchEvent(new PointerEvent("pointermove", move));
  };
  addEventListener("pointermove", replay, { capture: true });
}
