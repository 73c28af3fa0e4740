/** The wiring of the draw page. */

import { find } from "./common/find.js";
import { tick } from "./common/haptics.js";
import { imageUrl } from "./common/image-url.js";
import { LivePage } from "./common/live-page.js";
import { PHOTO_LIMITS } from "./common/settings.js";
import { Shortcuts } from "./common/shortcuts.js";
import { DrawingKeeper, storedDrawing } from "./drawing/drawing-keeper.js";
import { DrawingPad } from "./drawing/drawing-pad.js";
import { FingerGestures } from "./drawing/finger-gestures.js";
import { PaperRoll } from "./drawing/paper-roll.js";
import { Toolbar } from "./drawing/toolbar.js";
import { acceptFiles } from "./photos/file-drop.js";
import { UploadTray } from "./photos/upload-tray.js";
import { Uploader } from "./photos/uploader.js";
import { DigitBoxes } from "./reading/digit-boxes.js";
import { Layers } from "./reading/layers.js";
import { LiveReader } from "./reading/live-reader.js";
import { ReadingView } from "./reading/reading-view.js";
import { SavedNote } from "./reading/saved-note.js";

/**
 * @import { Entry } from "./common/contract.js"
 * @import { Box } from "./drawing/geometry.js"
 * @import { Sides } from "./photos/crop-box.js"
 * @import { Subject } from "./reading/reading-view.js"
 */

const page = new LivePage();
const { connection, message, warn } = page;
const view = new ReadingView(connection, (text) => takeAlternative(text));
const note = new SavedNote(connection);
/** What was chosen for a drawing that is not saved yet. @type {string | null} */
let chosen = null;
/** @type {Layers<Subject>} */ const subjects = new Layers((subject) => view.show(subject));
/** @type {Layers<Entry>} */ const entries = new Layers((entry) => note.show(entry));

const sheet = find(".sheet", HTMLElement);
const canvas = find("#pad", HTMLCanvasElement);
const pad = new DrawingPad(canvas, storedDrawing().sketch, page.signal);
const roll = new PaperRoll(sheet, find(".surface", HTMLElement), pad, page.signal);
const boxes = new DigitBoxes(find("#boxes", HTMLElement), (position) => view.point(position));

/**
 * The dialogs are loaded when they are first needed.
 * @param {File} file
 * @param {Sides} [box]  where the crop begins
 */
const editPhoto = async (file, box) => {
  const { PhotoEditor } = await import("./photos/photo-editor.js");
  return new PhotoEditor().edit(file, box);
};

const tray = new UploadTray(new Uploader(connection, PHOTO_LIMITS), editPhoto, {
  onShow: async (entry) => {
    entries.photo = entry;
    if (!entry) {
      subjects.photo = null;
      return;
    }
    const picture = await fetch(imageUrl(entry)).catch(() => new Response());
    const image = new Uint8Array(await picture.arrayBuffer());
    if (entry !== entries.photo) return;
    subjects.photo = { reading: entry.reading, image };
    view.announce();
  },
  onPoint: (position) => view.point(position),
  onProgress: (sentence) => message.tell(sentence),
  onFailure: (sentence) => message.warn(sentence),
  onReplaced: (id) => connection.request("delete_entry", { id }),
});

const takePhoto = async () => {
  const { Camera } = await import("./photos/camera.js");
  const photo = await new Camera().take();
  const kept = photo && (await editPhoto(photo).catch(() => photo));
  if (kept) tray.add([kept]);
};

const badge = page.watch({
  untilPenUp: () => pad.untilPenUp(),
  losesNothing: () =>
    pad.isBlank &&
    !pad.canUndo &&
    !pad.canRedo &&
    tray.isEmpty &&
    !document.querySelector("dialog[open]"),
});

new LiveReader(connection.socket, pad, {
  onReading: (reading, { image, strokes, crop }) => {
    roll.follow(reading, crop);
    boxes.show(reading, inHeights(crop, pad.height));
    subjects.paper = { reading, image, strokes };
  },
  onBlank: () => {
    boxes.clear();
    subjects.paper = null;
  },
  onFailure: warn,
  onRoundTrip: (roundTrip_ms) => badge.showRoundTrip(roundTrip_ms),
});

const keeper = new DrawingKeeper(connection, pad, {
  onSaving: () => view.announce(),
  onSaved: (entry) => {
    entries.paper = entry;
    if (entry && chosen !== null) takeAlternative(chosen);
    chosen = null;
  },
  onFailure: warn,
});

/** @param {string} text */
async function takeAlternative(text) {
  if (!note.isShown) {
    chosen = text;
    return keeper.save();
  }
  const failure = await note.correct(text);
  if (failure) warn(failure);
}

const invitation = find(".invitation", HTMLElement);
invitation.hidden = !pad.isBlank;
pad.addEventListener("ink", () => {
  invitation.hidden = !pad.isBlank;
});
pad.addEventListener("pendown", () => {
  message.clear();
  tray.close();
  boxes.release();
  sheet.classList.add("writing");
});
pad.addEventListener("penup", () => sheet.classList.remove("writing"));
pad.addEventListener("tap", (event) => {
  const { x, y } = /** @type {CustomEvent} */ (event).detail;
  const { left, top } = canvas.getBoundingClientRect();
  if (!boxes.focusAt(left + x, top + y)) return;
  event.preventDefault();
  tick();
});

const gestures = {
  onSecond: () => pad.cancelStroke(),
  onTap: (/** @type {number} */ fingers) => {
    if (fingers === 2) pad.undo();
    else pad.redo();
    tick();
  },
  onDrag: (/** @type {number} */ x_px) => sheet.scrollBy({ left: -x_px, behavior: "instant" }),
};
new FingerGestures(sheet, gestures, page.signal);
acceptFiles(document.documentElement, (files) => tray.add(files));

const save = () => (pad.isBlank ? message.tell("Draw a number first.") : keeper.save());
const toolbar = new Toolbar(pad, sheet, {
  onSave: save,
  onFiles: (files) => tray.add(files),
  onCamera: takePhoto,
});

const shortcuts = [
  { keys: "Tap with two fingers", does: "Undo" },
  { keys: "Tap with three fingers", does: "Redo" },
  { keys: "Drag with two fingers", does: "Move along a long number" },
  { keys: "Ctrl+Z", does: "Undo", act: () => pad.undo() },
  { keys: "Ctrl+Shift+Z, Ctrl+Y", does: "Redo", act: () => pad.redo() },
  { keys: "1", does: "Fine pen", act: () => toolbar.choose(0) },
  { keys: "2", does: "Medium pen", act: () => toolbar.choose(1) },
  { keys: "3", does: "Broad pen", act: () => toolbar.choose(2) },
  { keys: "E", does: "Eraser: removes whole strokes", act: () => toolbar.choose(3) },
  { keys: "Delete", does: "Clear the paper", act: () => pad.clear() },
  { keys: "S, Ctrl+S", does: "Save now", act: save },
  { keys: "U", does: "Upload photos", act: () => find("#upload", HTMLInputElement).click() },
  { keys: "P", does: "Take a photo", act: takePhoto },
  { keys: "W", does: "Show why", act: () => view.toggleWhy() },
  { keys: "Shift+Enter", does: "New line in a correction" },
  { keys: "Escape", does: "Back from a photo to the paper", act: () => tray.close() },
];
new Shortcuts(shortcuts, page.signal);

/**
 * Convert from pixels of the pad to units of its height.
 * @param {Box} box
 * @param {number} height
 * @returns {Box}
 */
function inHeights({ left, top, width, height: tall }, height) {
  return {
    left: left / height,
    top: top / height,
    width: width / height,
    height: tall / height,
  };
}
