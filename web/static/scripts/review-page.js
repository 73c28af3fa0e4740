/** The wiring of the review page. */

import { find } from "./common/find.js";
import { Outbox } from "./drawing/outbox.js";
import { page } from "./open-page.js";
import { Corrections } from "./reading/corrections.js";
import { ReviewDesk } from "./review/review-desk.js";
import { ReviewOverview } from "./review/review-overview.js";
import { ReviewQueue } from "./review/review-queue.js";

const { badge, connection, message, warn } = page;
const isDisputed = new URLSearchParams(location.search).has("disputed");
// Sends the drawings and corrections that another page had no time to send.
const outbox = new Outbox(connection, {
  onSaved: () => corrections.send(),
  onFailure: (_waiting, failure) => failure.code !== "no_ink" && warn(failure),
  onWaiting: (waiting) => badge.showWaiting(waiting.length),
});
const corrections = new Corrections(connection, outbox, warn);
const settle = (/** @type {string} */ id, /** @type {string} */ text) =>
  connection.request("correct_entry", { id, text, settles: true });
const queue = new ReviewQueue(
  connection,
  isDisputed,
  isDisputed ? settle : (id, text) => corrections.correct(id, text),
  {
    onChange: () => {
      desk.prepare(queue.ahead);
      desk.show(queue.ahead[0] ?? null);
      overview.show(queue);
    },
    onTold: (sentence) => message.tellBriefly(sentence),
    onFailure: warn,
  },
);
const overview = new ReviewOverview(isDisputed);
const actions = {
  decide: (/** @type {string} */ text) => {
    message.clear();
    queue.decide(text);
  },
  skip: () => queue.skip(),
  undo: () => queue.undo(),
};
const desk = new ReviewDesk(actions, page.signal);
find("#reviewed .again", HTMLButtonElement).addEventListener("click", () => queue.showSkipped());

page.follow({
  untilPenUp: () => Promise.resolve(),
  losesNothing: () => !queue.canUndo,
});
