/** The draw page: where its parts are wired together. */

import { Connection } from "./connection.js";
import { ConnectionBadge } from "./connection-badge.js";
import { DrawingKeeper, keptDrawing } from "./drawing-keeper.js";
import { DrawingPad } from "./drawing-pad.js";
import { acceptFiles } from "./file-drop.js";
import { find } from "./find.js";
import { LiveReader } from "./live-reader.js";
import { MessageLine } from "./message-line.js";
import { ReadingPanel } from "./reading-panel.js";
import { PHOTO_LIMITS } from "./settings.js";
import { Toolbar } from "./toolbar.js";
import { Uploader } from "./uploader.js";

const message = new MessageLine();
const panel = new ReadingPanel();
const pad = new DrawingPad(find("#pad", HTMLCanvasElement), keptDrawing().sketch);
const saved = find("#saved", HTMLElement);
const invitation = find(".invitation", HTMLElement);
invitation.hidden = !pad.isBlank;
pad.addEventListener("pendown", () => message.clear());
pad.addEventListener("ink", () => {
  saved.hidden = true;
  invitation.hidden = !pad.isBlank;
  panel.hidePhoto();
});

const connection = Connection.open();
const badge = new ConnectionBadge(connection.socket);

new LiveReader(connection.socket, pad, {
  onReading: (reading) => panel.showDrawing(reading),
  onFailure: (failure) => message.warn(failure.message),
  onRoundTrip: (roundTrip_ms) => badge.showRoundTrip(roundTrip_ms),
});

const keeper = new DrawingKeeper(connection, pad, {
  onSaving: () => panel.announce(),
  onSaved: () => {
    saved.hidden = false;
  },
  onFailure: (failure) => message.warn(failure.message),
});
const uploader = new Uploader(connection, PHOTO_LIMITS, {
  onStart: (file) => message.tell(`Reading “${file.name}” …`),
  onEntry: (entry) => {
    message.clear();
    panel.showPhoto(entry);
  },
  onFailure: (failure) => message.warn(failure.message),
});
acceptFiles(document.documentElement, (files) => uploader.add(files));

new Toolbar(pad, {
  onSave: () => (pad.isBlank ? message.tell("Draw a number first.") : keeper.save()),
  onFiles: (files) => uploader.add(files),
});
