/** The history page: where its parts are wired together. */

import { Connection } from "./common/connection.js";
import { ConnectionBadge } from "./common/connection-badge.js";
import { find } from "./common/find.js";
import { MessageLine } from "./common/message-line.js";
import { followSignIn } from "./common/other-tabs.js";
import { Outbox } from "./drawing/outbox.js";
import { Deletions } from "./history/deletions.js";
import { HistoryFeed } from "./history/history-feed.js";
import { HistoryList } from "./history/history-list.js";
import { HistorySearch } from "./history/history-search.js";

const message = new MessageLine();
const connection = Connection.open();
new ConnectionBadge(connection.socket);
followSignIn();
connection.socket.on("slow_down", () =>
  message.tell("That was very fast. The server asks for a little patience."),
);

const warn = (/** @type {import("./common/contract.js").Failure} */ failure) =>
  message.warn(failure.message);

/**
 * @param {string} id
 * @param {string} text
 */
async function correct(id, text) {
  const answer = await connection.request("correct_entry", { id, text });
  if (!answer.ok) warn(answer.error);
  else message.clear();
  return answer.ok;
}

const end = find("#end", HTMLElement);
const nearEnd = new IntersectionObserver(([edge]) => edge?.isIntersecting && feed.older(), {
  rootMargin: "400px",
});

/** @param {number} shown */
function onCount(shown) {
  search.count(shown);
  // Observed anew, the end reports even if it was in sight before and still is.
  nearEnd.unobserve(end);
  nearEnd.observe(end);
}

const search = new HistorySearch((filter) => feed.filter(filter));
const actions = { remove: (/** @type {string} */ id) => deletions.add(id), correct };
const list = new HistoryList(find("#entries", HTMLElement), actions, onCount);
const deletions = new Deletions(connection, list, warn);
const feed = new HistoryFeed(connection, list, warn);

// What the draw page had no time to send.
new Outbox(connection, {
  onSaved: () => {},
  onFailure: (_sketch, failure) => failure.code !== "no_ink" && warn(failure),
});
