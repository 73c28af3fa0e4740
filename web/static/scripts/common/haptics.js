const TICK_MS = 12;

/** A tick that the hand feels, where the device has one; browsers allow none before a first touch. */
export function tick() {
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(TICK_MS);
}
