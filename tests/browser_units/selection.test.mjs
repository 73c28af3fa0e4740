import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.document = { body: { dataset: { maker: "me" } } };
const { Selection } = await import("../../web/static/scripts/history/selection.js");

const entry = (id, predicted = "7") => ({
  id,
  predicted,
  corrected: null,
  timestamp: "2026-01-01T00:00:00.000Z",
  maker: "me",
  owner: null,
});

/** A selection whose pages are answered one by one, and the events of the server. */
function selection() {
  const pages = [];
  const listeners = {};
  const connection = {
    socket: { on: (name, listener) => Object.assign(listeners, { [name]: listener }) },
    request: () => new Promise((resolve) => pages.push(resolve)),
  };
  return { made: new Selection(connection), pages, listeners };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("what is still being collected is not selected after the selection was cleared", async () => {
  const { made, pages } = selection();
  made.pickAll({});
  pages[0]({ ok: true, entries: [entry("one")], next: "x" });
  await turn();
  assert.deepEqual(made.ids, ["one"]);
  made.clear();
  pages[1]({ ok: true, entries: [entry("two")], next: null });
  await turn();
  assert.deepEqual(made.ids, []);
});

test("selected entry is as it was changed, and goes when it is deleted", () => {
  const { made, listeners } = selection();
  made.pick(entry("one"), true);
  listeners.history_changed({ ...entry("one"), corrected: "1" });
  listeners.history_changed(entry("two"));
  assert.deepEqual(
    made.entries.map(({ corrected }) => corrected),
    ["1"],
  );
  listeners.history_removed({ id: "one" });
  assert.deepEqual(made.ids, []);
});
