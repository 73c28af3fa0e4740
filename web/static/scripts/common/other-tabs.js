import { OWNER } from "./settings.js";

/**
 * Reload the other open pages of this browser when somebody signs in or out on one of them.
 * @param {AbortSignal} signal
 */
export function followSignIn(signal) {
  const channel = new BroadcastChannel("owner");
  channel.addEventListener("message", ({ data }) => data !== OWNER && location.reload());
  channel.postMessage(OWNER);
  signal.addEventListener("abort", () => channel.close());
}
