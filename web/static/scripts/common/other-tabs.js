import { OWNER } from "./settings.js";
import { leaveSession } from "./signed-out.js";
import { TabChannel } from "./tab-channel.js";

/** Leave the other open pages of this browser when somebody signs in or out on one of them. */
export function followSignIn() {
  const channel = new TabChannel("owner", (owner) => owner !== OWNER && leaveSession());
  channel.post(OWNER);
}
