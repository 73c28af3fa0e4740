import { LivePage } from "./common/live-page.js";

/** The page. It connects before its other scripts have come. */
export const page = new LivePage();
