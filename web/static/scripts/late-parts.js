/** The parts of the draw page that are loaded once it is connected, as one file of the bundle. */

export { ListPanel } from "./list/list-panel.js";
export { Photos } from "./photos/photos.js";
