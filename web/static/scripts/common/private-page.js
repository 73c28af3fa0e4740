import { OWNER, OWNER_HEADER } from "./settings.js";
import { leaveSession } from "./signed-out.js";

const RETRY_MS = 1_000;
const { classList } = document.documentElement;

/**
 * Hide an account's page when it is left, and show it again when the server says that the account
 * is still signed in: nobody else finds it by Back. A page that came by Back hides itself at first.
 */
export function hideWhileAway() {
  if (!OWNER) return;
  addEventListener("pagehide", () => classList.add("away"));
  addEventListener("pageshow", ({ persisted }) => persisted && showIfSignedIn());
  if (classList.contains("away")) showIfSignedIn();
}

async function showIfSignedIn() {
  if (await isSignedIn()) classList.remove("away");
  else leaveSession();
}

/** Ask until the server answers. @returns {Promise<boolean>} */
async function isSignedIn() {
  for (;;) {
    const status = await askForOne();
    if (status === 200 || status === 401) return status === 200;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

/** Ask for one of the account's entries. @returns {Promise<number>} the status; 0: no answer */
async function askForOne() {
  const asked = fetch("/api/predictions?limit=1", { method: "HEAD", headers: [OWNER_HEADER] });
  return asked.then(
    ({ status }) => status,
    () => 0,
  );
}
