import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.document = { body: { dataset: {} } };
globalThis.navigator ??= {};
const { Corrections } = await import("../../web/static/scripts/reading/corrections.js");

const REFUSED = { ok: false, error: { code: "not_found", message: "There is no such entry." } };
const BUSY = { ok: false, error: { code: "rate_limited", message: "Too many requests." } };

/** Corrections whose requests wait until they are answered. */
function corrections(waiting = new Set()) {
  const requests = [];
  const failures = [];
  const heard = [];
  const connection = {
    socket: { connected: true, on: (_, listener) => heard.push(listener) },
    onConnect: () => {},
    ask: (_, payload) =>
      new Promise((resolve) => {
        const accept = () =>
          resolve({ ok: true, entry: { id: payload.id, corrected: payload.text } });
        requests.push({ ...payload, accept, resolve });
      }),
  };
  const outbox = { holds: async (drawing) => waiting.has(drawing) };
  const made = new Corrections(connection, outbox, (failure) => failures.push(failure));
  return { made, requests, failures, change: (entry) => heard[0](entry) };
}

const until = async (isSo) => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 1));
};
const textsOf = (requests) => requests.map(({ text }) => text);

test("correction is seen before it is answered", async () => {
  const { made, requests } = corrections();
  const answer = made.correct("one", "487");
  assert.equal(made.of("one"), "487");
  assert.equal(made.of("two"), null);
  await until(() => requests.length === 1);
  requests[0].accept();
  assert.equal((await answer).entry.corrected, "487");
  assert.equal(made.of("one"), null);
});

test("refused correction is taken back", async () => {
  const { made, requests } = corrections();
  const answer = made.correct("one", "487");
  await until(() => requests.length === 1);
  requests[0].resolve(REFUSED);
  assert.equal((await answer).error.code, "not_found");
  assert.equal(made.of("one"), null);
});

test("only the newest of the corrections that wait is sent, and answers all", async () => {
  const { made, requests } = corrections();
  const first = made.correct("one", "1");
  await until(() => requests.length === 1);
  const answers = [first, made.correct("one", "12"), made.correct("one", "123")];
  requests[0].accept();
  await until(() => requests.length === 2);
  assert.deepEqual(textsOf(requests), ["1", "123"]);
  assert.equal(made.of("one"), "123");
  requests[1].accept();
  for (const { entry } of await Promise.all(answers)) assert.equal(entry.corrected, "123");
});

test("correction of a drawing waits until it is saved", async () => {
  const waiting = new Set(["one"]);
  const { made, requests } = corrections(waiting);
  made.correct("one", "487");
  made.correct("two", "8");
  await until(() => requests.length === 1);
  assert.deepEqual(textsOf(requests), ["8"]);
  requests[0].accept();
  waiting.clear();
  made.send();
  await until(() => requests.length === 2);
  assert.deepEqual(textsOf(requests), ["8", "487"]);
});

test("correction that waits is dropped when its drawing changes", async () => {
  const { made, requests } = corrections(new Set(["one"]));
  made.correct("one", "487");
  made.drop("two");
  assert.equal(made.of("one"), "487");
  made.drop("one");
  assert.equal(made.of("one"), null);
  await made.send();
  assert.equal(requests.length, 0);
});

test("busy server is asked again", async () => {
  const { made, requests } = corrections();
  const answer = made.correct("one", "487");
  await until(() => requests.length === 1);
  requests[0].resolve(BUSY);
  made.send();
  await until(() => requests.length === 2);
  assert.equal(made.of("one"), "487");
  requests[1].accept();
  assert.equal((await answer).ok, true);
});

test("answer that another page has got counts", async () => {
  const { made, change } = corrections(new Set(["one"]));
  const answer = made.correct("one", "487");
  change({ id: "one", corrected: "48" });
  assert.equal(made.of("one"), "487");
  change({ id: "one", corrected: "487" });
  assert.equal((await answer).entry.corrected, "487");
});
