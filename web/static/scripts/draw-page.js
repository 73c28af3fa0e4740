/** The draw page: where its parts are wired together. */

import { Connection } from "./common/connection.js";
import { ConnectionBadge } from "./common/connection-badge.js";
import { find } from "./common/find.js";
import { tick } from "./common/haptics.js";
import { imageUrl } from "./common/image-url.js";
import { MessageLine } from "./common/message-line.js";
import { followSignIn } from "./common/other-tabs.js";
import { PHOTO_LIMITS } from "./common/settings.js";
import { Shortcuts } from "./common/shortcuts.js";
import { DrawingKeeper, keptDrawing } from "./drawing/drawing-keeper.js";
import { DrawingPad } from "./drawing/drawing-pad.js";
import { FingerGestures } from "./drawing/finger-gestures.js";
import { PaperRoll } from "./drawing/paper-roll.js";
import { Toolbar } from "./drawing/toolbar.js";
import { acceptFiles } from "./photos/file-drop.js";
import { UploadTray } from "./photos/upload-tray.js";
import { Uploader } from "./photos/uploader.js";
import { DigitBoxes } from "./reading/digit-boxes.js";
import { LiveReader } from "./reading/live-reader.js";
import { ReadingView } from "./reading/reading-view.js";
import { SavedNote } from "./reading/saved-note.js";

/**
 * @import { Failure } from "./common/contract.js"
 * @import { Box } from "./drawing/geometry.js"
 */

const message = new MessageLine();
const warn = (/** @type {Failure} */ failure) => message.warn(failure.message);
const connection = Connection.open();
const badge = new ConnectionBadge(connection.socket);
followSignIn();
connection.socket.on("slow_down", () =>
  message.tell("That was very fast. The server asks for a little patience."),
);
const view = new ReadingView(connection);
const note = new SavedNote(connection, warn);

const sheet = find(".sheet", HTMLElement);
const pad = new DrawingPad(find("#pad", HTMLCanvasElement), keptDrawing().sketch);
const roll = new PaperRoll(sheet, find(".surface", HTMLElement), pad);
const boxes = new DigitBoxes(find("#boxes", HTMLElement), (position) => view.point(position));
const invitation = find(".invitation", HTMLElement);
invitation.hidden = !pad.isBlank;
pad.addEventListener("pendown", () => {
  message.clear();
  tray.close();
  boxes.release();
  sheet.classList.add("writing");
});
pad.addEventListener("ink", () => {
  invitation.hidden = !pad.isBlank;
});
pad.addEventListener("penup", () => sheet.classList.remove("writing"));
pad.addEventListener("tap", (event) => {
  const { x, y } = /** @type {CustomEvent} */ (event).detail;
  const { left, top } = find("#pad", HTMLCanvasElement).getBoundingClientRect();
  if (!boxes.focusAt(left + x, top + y)) return;
  event.preventDefault();
  tick();
});

const live = new LiveReader(connection.socket, pad, {
  onReading: (reading, { image, crop }) => {
    roll.follow(reading, crop);
    boxes.show(reading, inHeights(crop, pad.height));
    if (!tray.isOpen) view.show({ reading, image });
  },
  onBlank: () => {
    boxes.clear();
    if (!tray.isOpen) view.show(null);
  },
  onFailure: warn,
  onRoundTrip: (roundTrip_ms) => badge.showRoundTrip(roundTrip_ms),
});

const keeper = new DrawingKeeper(connection, pad, {
  onSaving: () => view.announce(),
  onSaved: (entry) => {
    if (!tray.isOpen) note.show(entry);
  },
  onFailure: warn,
});

// The dialogs are fetched when they are first needed.
const editPhoto = async (/** @type {File} */ file) => {
  const { PhotoEditor } = await import("./photos/photo-editor.js");
  return new PhotoEditor().edit(file);
};
const takePhoto = async () => {
  const { Camera } = await import("./photos/camera.js");
  const photo = await new Camera().take();
  const kept = photo && (await editPhoto(photo).catch(() => photo));
  if (kept) tray.add([kept]);
};

const tray = new UploadTray(new Uploader(connection, PHOTO_LIMITS), editPhoto, {
  onShow: async (entry) => {
    note.show(entry);
    if (!entry) return live.reread();
    const picture = await fetch(imageUrl(entry)).catch(() => new Response());
    const image = new Uint8Array(await picture.arrayBuffer());
    if (entry !== tray.shown) return;
    view.show({ reading: entry.reading, image });
    view.announce();
  },
  onPoint: (position) => view.point(position),
  onProgress: (sentence) => message.tell(sentence),
  onFailure: (sentence) => message.warn(sentence),
  onReplaced: (id) => connection.request("delete_entry", { id }),
});
acceptFiles(document.documentElement, (files) => tray.add(files));

new FingerGestures(sheet, {
  onSecond: () => pad.cancelStroke(),
  onTap: (fingers) => {
    if (fingers === 2) pad.undo();
    else pad.redo();
    tick();
  },
  onDrag: (x_px) => sheet.scrollBy({ left: -x_px, behavior: "instant" }),
});

const save = () => (pad.isBlank ? message.tell("Draw a number first.") : keeper.save());
const toolbar = new Toolbar(pad, {
  onSave: save,
  onFiles: (files) => tray.add(files),
  onCamera: takePhoto,
});

new Shortcuts([
  { keys: "Tap with two fingers", does: "Undo" },
  { keys: "Tap with three fingers", does: "Redo" },
  { keys: "Drag with two fingers", does: "Move along a long number" },
  { keys: "Ctrl+Z", does: "Undo", act: () => pad.undo() },
  { keys: "Ctrl+Shift+Z, Ctrl+Y", does: "Redo", act: () => pad.redo() },
  { keys: "1", does: "Fine pen", act: () => toolbar.choose(0) },
  { keys: "2", does: "Medium pen", act: () => toolbar.choose(1) },
  { keys: "3", does: "Broad pen", act: () => toolbar.choose(2) },
  { keys: "E", does: "Eraser: takes whole strokes", act: () => toolbar.choose(3) },
  { keys: "Delete", does: "Clear the paper", act: () => pad.clear() },
  { keys: "S, Ctrl+S", does: "Save now", act: save },
  { keys: "U", does: "Upload photos", act: () => find("#upload", HTMLInputElement).click() },
  { keys: "P", does: "Take a photo", act: takePhoto },
  { keys: "W", does: "Why it says so", act: () => view.toggleWhy() },
  { keys: "Escape", does: "Back from a photo to the paper", act: () => tray.close() },
]);

/**
 * Pixels of the pad → heights of the pad.
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
