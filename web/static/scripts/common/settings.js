/** What the server tells the page about itself and about this browser. */
const { maker, maxUploadBytes, maxPixels } = document.body.dataset;

/** This browser, as entries name it. */
export const MAKER = maker ?? "";

export const PHOTO_LIMITS = { maxBytes: Number(maxUploadBytes), maxPixels: Number(maxPixels) };
