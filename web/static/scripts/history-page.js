/** The wiring of the history page. */

import { find } from "./common/find.js";
import { LivePage } from "./common/live-page.js";
import { Outbox } from "./drawing/outbox.js";
import { Deletions } from "./history/deletions.js";
import { HistoryFeed } from "./history/history-feed.js";
import { HistoryList } from "./history/history-list.js";
import { HistorySearch } from "./history/history-search.js";

const page = new LivePage();
const { connection, message, warn } = page;
const search = new HistorySearch();
const correct = async (/** @type {string} */ id, /** @type {string} */ text) => {
  const answer = await connection.request("correct_entry", { id, text });
  return answer.ok ? null : answer.error;
};
const list = new HistoryList(find("#entries", HTMLElement), correct, page.signal);
const deletions = new Deletions(connection, list, warn);
const feed = new HistoryFeed(connection, list, (failure) =>
  failure ? warn(failure) : message.clear(),
);

page.watch({
  untilPenUp: () => Promise.resolve(),
  losesNothing: () =>
    scrollY === 0 &&
    !search.isFiltered &&
    !document.querySelector(".toast, .correction:not([hidden])"),
});

const end = find("#end", HTMLElement);
const nearEnd = new IntersectionObserver(([edge]) => edge?.isIntersecting && feed.older(), {
  rootMargin: "400px",
});

search.addEventListener("filter", (event) =>
  feed.filter(/** @type {CustomEvent} */ (event).detail),
);
list.addEventListener("delete", (event) =>
  deletions.add(/** @type {CustomEvent} */ (event).detail),
);
list.addEventListener("count", (event) => {
  search.count(/** @type {CustomEvent} */ (event).detail);
  // Observed again, the end reports even if it was in sight before and still is.
  nearEnd.unobserve(end);
  nearEnd.observe(end);
});
page.signal.addEventListener("abort", () => nearEnd.disconnect());

// Sends the drawings that the draw page had no time to send.
new Outbox(connection, {
  onSaved: () => {},
  onFailure: (_sketch, failure) => failure.code !== "no_ink" && warn(failure),
});
