import { OWNER } from "./settings.js";

/**
 * Keeps the open pages of this browser the same person's: when somebody has signed in or out in
 * one, the others are opened anew.
 */
export function followSignIn() {
  const channel = new BroadcastChannel("owner");
  channel.addEventListener("message", ({ data }) => data !== OWNER && location.reload());
  channel.postMessage(OWNER);
}
