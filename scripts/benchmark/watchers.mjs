/**
 * Open history pages that wait for saves: node watchers.mjs '{"url": …, "connections": 500, "saves": 10, "image": …}'
 *
 * Prints one line of JSON: the milliseconds of each save until the last page has it.
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
const latencies_ms = [];
for (let save = 0; save < task.saves; save += 1) {
  const seen = watchers.map(
    (socket) => new Promise((resolve) => socket.once("history_added", resolve)),
  );
  const saved_ms = performance.now();
  writer.emit("save", { drawing: randomUUID(), image });
  await Promise.all(seen);
  latencies_ms.push(performance.now() - saved_ms);
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}
console.log(JSON.stringify({ latencies_ms }));
process.exit(0);
