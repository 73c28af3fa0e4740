/** What the server tells the page about itself and about who looks at it. */
const { maker, owner, maxUploadBytes, maxPixels } = document.body.dataset;

/** Who makes entries here, as those name it: this browser, or the account. */
export const MAKER = maker ?? "";

/** The account that is signed in; "" for a guest. */
export const OWNER = owner ?? "";

export const PHOTO_LIMITS = { maxBytes: Number(maxUploadBytes), maxPixels: Number(maxPixels) };
