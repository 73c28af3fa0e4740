/**
 * Open history pages that wait for saves: node watchers.mjs '{"url": …, "connections": 500, "saves": 10, "image": …}'
 *
 * Prints one line of JSON: the milliseconds of each save until the last page has it, those until
 * each page has it, and how many events came besides.
 *
 * @typedef {object} Task
 * @property {string} url
 * @property {number} connections
 * @property {number} saves
 * @property {string} image  a picture to save, in base64
 */

import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";

const { io } = createRequire(new URL("../../web/", import.meta.url))("socket.io-client");

const MAX_CONNECTING = 16;
const TIMEOUT_MS = 10_000;
const PAUSE_MS = 300;
const PAID_MS = 9_000; // until the address owes no time for its pages: server/limits/work_budget.py

/** @type {Task} */
const task = JSON.parse(process.argv[2] ?? "{}");
const image = Buffer.from(task.image, "base64");

const connect = () =>
  new Promise((resolve, reject) => {
    const socket = io(task.url, { transports: ["websocket"], forceNew: true, reconnection: false });
    socket.once("connect", () => resolve(socket));
    socket.once("connect_error", reject);
  });

const watchers = [];
while (watchers.length < task.connections) {
  const connecting = Array.from({ length: MAX_CONNECTING }, connect);
  for (const socket of await Promise.all(connecting)) {
    await socket.timeout(TIMEOUT_MS).emitWithAck("watch_history", {});
    watchers.push(socket);
  }
}
const writer = await connect();
await new Promise((resolve) => setTimeout(resolve, PAID_MS));
const latencies_ms = [];
const pages_ms = [];
let events = 0;
for (const socket of watchers) socket.on("history_added", () => (events += 1));
for (let save = 0; save < task.saves; save += 1) {
  const saved_ms = performance.now();
  const seen = watchers.map(
    (socket) =>
      new Promise((resolve) =>
        socket.once("history_added", () => resolve(performance.now() - saved_ms)),
      ),
  );
  writer.emit("save", { drawing: randomUUID(), image });
  const times_ms = await Promise.all(seen);
  pages_ms.push(...times_ms);
  latencies_ms.push(Math.max(...times_ms));
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}
const report = { latencies_ms, pages_ms, besides: events - pages_ms.length };
process.stdout.write(JSON.stringify(report), () => process.exit(0));
