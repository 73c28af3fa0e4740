import { OWNER } from "./settings.js";

/** Leave a page whose session has ended, so that nothing private is sent or shown any more. */
export function leaveSession() {
  if (!OWNER) return location.reload();
  const query = new URLSearchParams({ next: location.pathname });
  location.replace(`/signed-out?${query}`);
}
