/** Which refusals of the server may pass, by their code: what is kept until a later try. */

/** Until it passes, the server refuses every request alike. */
const GENERAL = new Set(["rate_limited", "unavailable", "sign_in_required"]);
/** What is wrong is the picture. */
const OF_THE_PICTURE = new Set(["no_ink", "unreadable_image", "image_too_large"]);

/** Return whether the same request succeeds once this has passed by itself. @param {string} code */
export function passes(code) {
  return GENERAL.has(code);
}

/** Return whether another try may succeed. @param {string} code */
export function mayPass(code) {
  return passes(code) || code === "internal";
}

/** Return whether no try with the same picture can succeed. @param {string} code */
export function isFinal(code) {
  return OF_THE_PICTURE.has(code);
}
