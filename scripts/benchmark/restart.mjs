/**
 * Open pages during a restart of their server: node restart.mjs '{"url": …, "clients": 1000, …}'
 *
 * Prints a line of JSON when all are there, and another when all have been away and are back. When
 * its standard input ends, it prints what was saved.
 *
 * @typedef {object} Task
 * @property {string} url
 * @property {number} clients  each watches the history
 * @property {number} savers  of the clients, each with a save every `pause_ms`
 * @property {number} pause_ms
 * @property {string} image  a picture to save, in base64
 */

import { randomUUID } from "node:crypto";
import { openSocket } from "../../web/static/scripts/common/socket.js";

const MAX_CONNECTING = 16;
const ANSWER_TIMEOUT_MS = 20_000; // as in connection.js

/** @type {Task} */
const task = JSON.parse(process.argv[2] ?? "{}");
const image = Buffer.from(task.image, "base64");

/** A page that watches the history, and watches it again whenever it comes back. */
class Client {
  /** When each connection was made, and when the history was there. */
  connected_ms = [];
  watched_ms = [];

  constructor() {
    this.socket = openSocket({ forceNew: true }, task.url);
    this.socket.on("connect", () => this.#watch());
  }

  async #watch() {
    this.connected_ms.push(Date.now());
    try {
      await this.socket.timeout(ANSWER_TIMEOUT_MS).emitWithAck("watch_history", { mine: true, limit: 1 });
      this.watched_ms.push(Date.now());
    } catch {
      // The connection broke: the next one watches.
    }
  }

  /** Save a drawing until the server has it, as a page does. */
  async save() {
    const drawing = randomUUID();
    for (;;) {
      try {
        const request = { drawing, image };
        const answer = await this.socket.timeout(ANSWER_TIMEOUT_MS).emitWithAck("save", request);
        if (answer.ok) return drawing;
      } catch {
        await until(() => this.socket.connected);
      }
    }
  }
}

/** @param {number} ms */
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param {() => boolean} condition */
async function until(condition) {
  while (!condition()) await sleep(10);
}

/**
 * @param {Client[]} clients
 * @param {number} times
 */
const watched = (clients, times) =>
  until(() => clients.every((client) => client.watched_ms.length >= times));

/** @param {object} report */
const print = (report) => console.log(JSON.stringify(report));

const saved = [];

/** @param {Client} client */
async function keepSaving(client) {
  for (;;) {
    saved.push(await client.save());
    await sleep(task.pause_ms);
  }
}

const clients = [];
while (clients.length < task.clients) {
  const count = Math.min(MAX_CONNECTING, task.clients - clients.length);
  const next = Array.from({ length: count }, () => new Client());
  await watched(next, 1);
  clients.push(...next);
}
clients.slice(0, task.savers).map(keepSaving);
print({ connected: clients.length });
await watched(clients, 2);
print({
  connected_ms: clients.flatMap((client) => client.connected_ms.slice(1)),
  watched_ms: clients.map((client) => client.watched_ms[1]),
});
process.stdin.on("end", () => {
  print({ saved });
  process.exit(0);
});
process.stdin.resume();
