/** The wiring of the draw page. */

import { DigitsOnly } from "./common/digits-only.js";
import { find } from "./common/find.js";
import { tick } from "./common/haptics.js";
import { Late } from "./common/late.js";
import { RememberedSwitch } from "./common/remembered-switch.js";
import { Shortcuts } from "./common/shortcuts.js";
import { DrawingKeeper, storedDrawing } from "./drawing/drawing-keeper.js";
import { DrawingPad } from "./drawing/drawing-pad.js";
import { leaveDuplicate } from "./drawing/duplicate-tab.js";
import { FingerGestures } from "./drawing/finger-gestures.js";
import { inHeights } from "./drawing/geometry.js";
import { Outbox } from "./drawing/outbox.js";
import { PaperRoll } from "./drawing/paper-roll.js";
import { Toolbar } from "./drawing/toolbar.js";
import { ListChoice } from "./list/list-choice.js";
import { page } from "./open-page.js";
import { acceptFiles } from "./photos/file-drop.js";
import { LatePhotos } from "./photos/late-photos.js";
import { Corrections } from "./reading/corrections.js";
import { DigitBoxes } from "./reading/digit-boxes.js";
import { Layers } from "./reading/layers.js";
import { LiveReader } from "./reading/live-reader.js";
import { ReadingView } from "./reading/reading-view.js";

/**
 * @import { Entry } from "./common/contract.js"
 * @import { Subject } from "./reading/reading-view.js"
 */

const { badge, connection, message, warn } = page;
/** The drawing that the user has asked to be saved. */
let asked = "";
const outbox = new Outbox(connection, {
  onSaved: async (waiting, entry) => {
    corrections.send();
    keeper.note(waiting, entry);
    (await list.get()).put(entry);
  },
  onFailure: ({ drawing }, failure) => {
    if (failure.code !== "no_ink" || drawing === asked) warn(failure);
  },
  onWaiting: async (waiting) => {
    badge.showWaiting(waiting.length);
    if (told) keeper.noteElsewhere(told);
    (await list.get()).wait(waiting);
  },
});
const corrections = new Corrections(connection, outbox, warn);
const view = new ReadingView(connection, corrections, {
  onUnsaved: () => keeper.save(),
  onTold: (sentence) => message.tellBriefly(sentence),
  onFailure: warn,
});
/** @type {Layers<Subject>} */ const subjects = new Layers((subject) => view.show(subject));
/** @type {Layers<Entry>} */ const entries = new Layers((entry) => view.showEntry(entry));

const sheet = find(".sheet", HTMLElement);
const canvas = find("#pad", HTMLCanvasElement);
const pad = new DrawingPad(canvas, storedDrawing().sketch, page.signal);
leaveDuplicate(pad);
const digitsOnly = new DigitsOnly();
const continues = new RememberedSwitch("continue");
const roll = new PaperRoll(sheet, find(".surface", HTMLElement), pad, page.signal);
const pointing = {
  onPoint: (/** @type {number | null} */ position) => view.point(position),
  onChoose: (/** @type {number} */ position) => view.choose(position),
};
const boxes = new DigitBoxes(find("#boxes", HTMLElement), pointing);

/** How what is written now is read, and where it goes. */
const terms = () => ({ digits_only: digitsOnly.isOn, list: choice.name });

const photos = new LatePhotos(
  connection,
  terms,
  message,
  (Photos, waiting) =>
    new Photos(connection, waiting, terms, view, message, {
      ...pointing,
      onShow: (entry) => {
        entries.photo = entry;
      },
      onReading: (subject) => {
        subjects.photo = subject;
      },
    }),
);
const addPhotos = (/** @type {Iterable<File>} */ files) => photos.add(files);
const takePhoto = () => photos.take();

page.follow({
  untilPenUp: () => pad.untilPenUp(),
  losesNothing: () =>
    pad.isBlank &&
    !pad.canUndo &&
    !pad.canRedo &&
    photos.isEmpty &&
    !document.querySelector("dialog[open]"),
});

new LiveReader(connection.socket, pad, digitsOnly, {
  onReading: (reading, { drawing, crop, ...picture }) => {
    roll.follow(reading, crop);
    boxes.show(reading, inHeights(crop, pad.height));
    subjects.paper = { ...picture, id: drawing, reading, boxes };
  },
  onBlank: () => {
    boxes.clear();
    subjects.paper = null;
  },
  onLost: () => {
    if (subjects.paper) subjects.paper = { ...subjects.paper, isOld: true };
  },
  onFailure: warn,
  onRoundTrip: (roundTrip_ms) => badge.showRoundTrip(roundTrip_ms),
});

const list = new Late(
  connection,
  () => import("./late-parts.js"),
  ({ ListPanel }) => {
    const panel = new ListPanel(connection, corrections, {
      onTold: (sentence) => message.tellBriefly(sentence),
      onFailure: warn,
    });
    panel.show(choice.name);
    return panel;
  },
);
const choice = new ListChoice(connection, {
  onLeave: () => keeper.next(),
  onChoose: () => list.part?.show(choice.name),
  onFailure: warn,
});
list.get().then(() => photos.load());
/** The newest of what the server has told of the drawing on the pad. @type {Entry | null} */
let told = null;
const note = (/** @type {Entry} */ entry) => {
  if (entry.id !== pad.drawing) return view.update(entry);
  told = entry;
  keeper.noteElsewhere(entry);
};
connection.socket.on("history_added", note);
connection.socket.on("history_changed", note);

const keeper = new DrawingKeeper(outbox, pad, {
  terms: () => ({ ...terms(), text: subjects.paper?.reading.text ?? "" }),
  continues: () => continues.isOn,
  onSaving: () => view.announce(),
  onSaved: (entry) => {
    entries.paper = entry;
  },
});
connection.onLeave(() => keeper.leave());
digitsOnly.addEventListener("change", () => keeper.saveAgain());
continues.addEventListener("change", () => keeper.rest());

const invitation = find(".invitation", HTMLElement);
invitation.hidden = !pad.isBlank;
pad.addEventListener("ink", () => {
  invitation.hidden = !pad.isBlank;
  view.follow(pad.isGrowing);
});
let sketch = pad.sketch;
pad.addEventListener("rest", () => {
  const before = sketch;
  sketch = pad.sketch;
  const isChanged = sketch !== before && sketch.drawing === before.drawing;
  if (isChanged) corrections.drop(sketch.drawing);
});
pad.addEventListener("pendown", () => {
  message.clear();
  photos.close();
  boxes.release();
  sheet.classList.add("writing");
});
pad.addEventListener("penup", () => sheet.classList.remove("writing"));
pad.addEventListener("tap", (event) => {
  const { x, y } = /** @type {CustomEvent} */ (event).detail;
  const { left, top } = canvas.getBoundingClientRect();
  if (!boxes.tapAt(left + x, top + y)) return;
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
acceptFiles(document.documentElement, addPhotos, () =>
  message.tell("Only files can be read here: save the picture first, then drop the file."),
);

const save = () => {
  if (pad.isBlank) return message.tell("Draw a number first.");
  if (entries.paper) message.tellBriefly("It is saved.");
  asked = pad.sketch.drawing;
  keeper.save();
};
const next = () => {
  if (pad.isBlank) return message.tellBriefly("Draw a number first.");
  keeper.next();
  message.tellBriefly("On the list. Undo brings it back.");
};
const clear = () => {
  if (pad.isBlank) return;
  keeper.clear();
  message.tellBriefly("Cleared: in the history, on no list. Undo brings it back.");
};
const toolbar = new Toolbar(pad, sheet, {
  onNext: next,
  onClear: clear,
  onSave: save,
  onFiles: addPhotos,
  onCamera: takePhoto,
});

const shortcuts = [
  { keys: "Tap with two fingers", does: "Undo" },
  { keys: "Tap with three fingers", does: "Redo" },
  { keys: "Drag with two fingers", does: "Move along a long number" },
  { keys: "Enter", does: "Next number", act: next },
  { keys: "Ctrl+C", does: "Copy the list" },
  { keys: "Ctrl+Z", does: "Undo", act: () => pad.undo() },
  { keys: "Ctrl+Shift+Z, Ctrl+Y", does: "Redo", act: () => pad.redo() },
  { keys: "1", does: "Fine pen", act: () => toolbar.choose(0) },
  { keys: "2", does: "Medium pen", act: () => toolbar.choose(1) },
  { keys: "3", does: "Broad pen", act: () => toolbar.choose(2) },
  { keys: "E", does: "Eraser: removes whole strokes", act: () => toolbar.choose(3) },
  { keys: "Delete", does: "Clear the paper", act: clear },
  { keys: "C", does: "Continue by itself after a pause", act: () => continues.toggle() },
  { keys: "D", does: "Digits only, no signs", act: () => digitsOnly.toggle() },
  { keys: "S, Ctrl+S", does: "Save now", act: save },
  { keys: "U", does: "Upload photos", act: () => find("#upload", HTMLInputElement).click() },
  { keys: "P", does: "Take a photo", act: takePhoto },
  { keys: "W", does: "Show why", act: () => view.toggleWhy() },
  { keys: "Tap a digit", does: "Correct it: choose, type, delete or insert there" },
  { keys: "Shift+Enter", does: "New line in a correction" },
  { keys: "Escape", does: "Back from a photo to the paper", act: () => photos.close() },
];
new Shortcuts(shortcuts, page.signal);
