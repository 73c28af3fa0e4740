/**
 * Open pages during a restart of their server: node restart.mjs '{"url": …, "clients": 1000, …}'
 *
 * Prints a line of JSON when all are there, and another when all have been away and are back. When
 * its standard input ends, it prints what was saved, and the longest time without a reading.
 *
 * @typedef {object} Task
 * @property {string} url
 * @property {number} clients  each watches the history
 * @property {number} savers  of the clients, each with a save every `pause_ms`
 * @property {number} drawers  of the clients, each with a frame every FRAME_MS
 * @property {number} pause_ms
 * @property {string} image  a picture to save, in base64
 */

import { randomUUID } from "node:crypto";
import { openSocket } from "../../web/static/scripts/common/socket.js";

const MAX_CONNECTING = 16;
const ANSWER_TIMEOUT_MS = 20_000; // as in connection.js
const FRAME_MS = 50; // between two frames of a client

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

/** Somebody who draws, and waits for readings. */
class Drawer {
  longest_ms = 0;

  /** @param {Client} client */
  constructor({ socket }) {
    this.socket = socket;
    this.read_ms = Date.now();
    socket.on("prediction", () => this.#note());
  }

  #note() {
    const now = Date.now();
    this.longest_ms = Math.max(this.longest_ms, now - this.read_ms);
    this.read_ms = now;
  }

  async draw() {
    const drawing = randomUUID();
    for (let seq = 1; ; seq += 1) {
      if (this.socket.connected) this.socket.emit("frame", { drawing, seq, image });
      await sleep(FRAME_MS);
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
const drawers = clients.slice(-task.drawers).map((client) => new Drawer(client));
for (const drawer of drawers) drawer.draw();
print({ connected: clients.length });
await watched(clients, 2);
print({
  connected_ms: clients.flatMap((client) => client.connected_ms.slice(1)),
  watched_ms: clients.map((client) => client.watched_ms[1]),
});
process.stdin.on("end", () => {
  print({ saved, longest_ms: drawers.map((drawer) => drawer.longest_ms) });
  process.exit(0);
});
process.stdin.resume();
