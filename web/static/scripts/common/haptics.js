const TICK_MS = 12;

/** Vibrate briefly, where the device can; browsers forbid it before the first touch. */
export function tick() {
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(TICK_MS);
}
