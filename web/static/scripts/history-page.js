/** The wiring of the history page. */

import { find } from "./common/find.js";
import { Late, loadStyles } from "./common/late.js";
import { Outbox } from "./drawing/outbox.js";
import { Address, placeOf, viewAsked } from "./history/address.js";
import { copyWhereNothingIsSelected } from "./history/copying.js";
import { CountLine } from "./history/count-line.js";
import { Deletions } from "./history/deletions.js";
import { EntryOpener } from "./history/entry-opener.js";
import { HistoryList } from "./history/history-list.js";
import { HistorySearch } from "./history/history-search.js";
import { NEWEST } from "./history/place.js";
import { RetryNotice } from "./history/retry-notice.js";
import { Selection } from "./history/selection.js";
import { SelectionBar } from "./history/selection-bar.js";
import { page } from "./open-page.js";
import { Corrections } from "./reading/corrections.js";

/**
 * @import { Place } from "./history/place.js"
 */

const { badge, connection, message, warn } = page;
const asked = viewAsked();
const search = new HistorySearch(connection, asked.fields);
// Sends the drawings and corrections that the draw page had no time to send.
const outbox = new Outbox(connection, {
  onSaved: () => corrections.send(),
  onFailure: (_waiting, failure) => failure.code !== "no_ink" && warn(failure),
  onWaiting: (waiting) => badge.showWaiting(waiting.length),
});
const corrections = new Corrections(connection, outbox, warn);
const correct = async (/** @type {string} */ id, /** @type {string} */ text) => {
  const answer = await corrections.correct(id, text);
  return answer.ok ? null : answer.error;
};
const retry = new RetryNotice(() => list.fill());
const selection = new Selection(connection);
const entries = find("#entries", HTMLElement);
const list = new HistoryList(
  entries,
  connection,
  selection,
  {
    correct,
    open: (entry) => opener.open(entry),
    pick: (entry, isPicked, isRange) => {
      if (isRange) selection.pickRange(entry, search.filter);
      else selection.pick(entry, isPicked);
    },
  },
  (failure) => retry.show(failure),
  page.signal,
);
const count = new CountLine(connection); // after the list: it asks when what was missed has come
const deletions = new Deletions(connection, list, (failure) => {
  if (opener.view) opener.view.tell(failure.message);
  else warn(failure);
});
const filter = () => search.filter;
const tell = (/** @type {string} */ sentence) => {
  if (opener.view) opener.view.tell(sentence);
  else message.tellBriefly(sentence);
};
new SelectionBar(connection, selection, {
  filter,
  remove: (ids) => deletions.add(...ids),
  onWork: (sentence) => message.tell(sentence),
  onTold: tell,
  onFailure: warn,
});
const address = new Address(() => ({ fields: search.fields, place: list.place }), page.signal);
const opener = new EntryOpener(entries, connection, address, {
  filter,
  isHidden: (id) => list.isHidden(id),
  remove: (id) => deletions.add(id),
  correct,
  onClose: (entry) => entry && list.reveal(entry),
});
const copied = () => {
  const entry = opener.view ? opener.view.entry : list.focused;
  if (!opener.view && selection.entries.length > 0) return selection.entries;
  return entry ? [entry] : [];
};
copyWhereNothingIsSelected(copied, tell, page.signal);

page.follow({
  untilPenUp: () => Promise.resolve(),
  losesNothing: () =>
    scrollY === 0 &&
    !search.isFiltered &&
    !document.querySelector(".selecting, .toast, .correction:not([hidden]), dialog[open]"),
});

const importing = new Late(
  connection,
  async () => {
    const styles = loadStyles("import.css");
    const [module] = await Promise.all([import("./importing/import-dialog.js"), styles]);
    return module;
  },
  ({ ImportDialog }) => new ImportDialog(connection),
);
find("#import", HTMLButtonElement).addEventListener("click", async () =>
  (await importing.get()).open(),
);

const show = (/** @type {Place} */ place) => {
  list.show(search.filter, place);
  count.filter(search.filter);
  address.keepSoon();
};
const day = find("#day", HTMLInputElement);
search.addEventListener("filter", () => {
  message.clear();
  day.value = "";
  show(NEWEST);
});
day.addEventListener("change", () => show(day.value ? placeOf(day.value) : NEWEST));
// A smooth scroll to the top would end where entries are loaded above the view.
addEventListener("keydown", (event) => {
  const isInField = event.target instanceof Element && event.target.matches("input, select");
  if (event.key !== "Home" || isInField) return;
  event.preventDefault();
  scrollTo({ top: 0, behavior: "instant" });
});
list.addEventListener("delete", (event) =>
  deletions.add(/** @type {CustomEvent} */ (event).detail),
);
list.addEventListener("restore", (event) =>
  opener.view?.restore(/** @type {CustomEvent} */ (event).detail),
);
list.addEventListener("change", () => search.count(list.isEmpty));
list.addEventListener("orphan", () => search.focusNotice());
show(asked.place);
