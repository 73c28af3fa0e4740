/** Facts that the server puts into the page: its limits, and who looks at the page. */
const { maker, owner, contract, threshold, maxUploadBytes, maxPixels } = document.body.dataset;

/** The id under which entries are made here: this browser's, or the account's. */
export const MAKER = maker ?? "";

/** The name of the account that is signed in; "" for a guest. */
export const OWNER = owner ?? "";

/** The header that says for whom the page was made. @type {[string, string]} */
export const OWNER_HEADER = ["Live-Digits-Owner", encodeURIComponent(OWNER)];

/** The version of the contract (contract.js) that this page keeps. */
export const CONTRACT = Number(contract);

/** The confidence below which a digit, a line or a reading is uncertain. */
export const THRESHOLD = Number(threshold);

export const PHOTO_LIMITS = { maxBytes: Number(maxUploadBytes), maxPixels: Number(maxPixels) };
