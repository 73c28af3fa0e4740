/**
 * Load generator: node load.mjs '{"url": …, "connections": 64, …}'
 *
 * Clients draw, and the last line printed is JSON: the frames answered, latencies and failures.
 *
 * @typedef {object} Task
 * @property {string} url
 * @property {number} connections
 * @property {number} seconds
 * @property {number} framesPerSecond  of each connection; 0 sends the next frame when one is answered
 * @property {string} frames  path of a JSON file of frames: strokes, and the size of their picture
 */

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { io } = createRequire(new URL("../../web/", import.meta.url))("socket.io-client");

const WARM_UP_MS = 1_000;
const LAST_ANSWER_TIMEOUT_MS = 5_000;
const MAX_CONNECTING = 16;

/** @type {Task} */
const task = JSON.parse(process.argv[2] ?? "{}");
/** @type {{strokes: number[][], size: [number, number]}[]} */
const frames = JSON.parse(readFileSync(task.frames, "utf8"));

class Client {
  latencies_ms = [];
  errors = 0;
  lost = 0;
  seq = 0;
  answered = 0;
  drawing = randomUUID();
  #first = Math.floor(Math.random() * frames.length);
  #sentAt_ms = new Map();
  #drawing = false;

  connect() {
    this.socket = io(task.url, { transports: ["websocket"], forceNew: true, reconnection: false });
    this.socket.on("prediction", (prediction) => this.#receive(prediction));
    this.socket.on("disconnect", () => {
      this.lost += 1;
    });
    return new Promise((resolve, reject) => {
      this.socket.once("connect", resolve);
      this.socket.once("connect_error", reject);
    });
  }

  /** @param {number} delay_ms */
  start(delay_ms) {
    this.#drawing = true;
    if (task.framesPerSecond === 0) return this.#send();
    setTimeout(() => {
      this.timer = setInterval(() => this.#send(), 1_000 / task.framesPerSecond);
    }, delay_ms);
  }

  stop() {
    this.#drawing = false;
    clearInterval(this.timer);
  }

  resetLatencies() {
    this.latencies_ms = [];
  }

  #send() {
    this.seq += 1;
    this.#sentAt_ms.set(this.seq, performance.now());
    const frame = frames[(this.seq + this.#first) % frames.length];
    this.socket.emit("frame", { drawing: this.drawing, seq: this.seq, ...frame });
  }

  #receive({ seq, error }) {
    const sentAt_ms = this.#sentAt_ms.get(seq);
    this.#sentAt_ms.delete(seq);
    this.latencies_ms.push(performance.now() - sentAt_ms);
    if (error) this.errors += 1;
    this.answered = Math.max(this.answered, seq);
    if (task.framesPerSecond === 0 && this.#drawing) this.#send();
  }
}

/** @param {number} ms */
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * @param {number[]} sorted
 * @param {number} share
 */
const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

const clients = Array.from({ length: task.connections }, () => new Client());
for (let first = 0; first < clients.length; first += MAX_CONNECTING) {
  await Promise.all(clients.slice(first, first + MAX_CONNECTING).map((client) => client.connect()));
}
clients.forEach((client, index) => {
  client.start(((1_000 / (task.framesPerSecond || 1)) * index) / clients.length);
});
await sleep(WARM_UP_MS);
console.log(JSON.stringify({ measuring: true }));
for (const client of clients) client.resetLatencies();
const started_ms = performance.now();
await sleep(task.seconds * 1_000);
const seconds = (performance.now() - started_ms) / 1_000;
const latencies = clients.flatMap((client) => client.latencies_ms).sort((a, b) => a - b);
for (const client of clients) client.stop();
console.log(JSON.stringify({ measured: true }));
const end_ms = performance.now() + LAST_ANSWER_TIMEOUT_MS;
const countUnanswered = () => clients.filter((client) => client.answered < client.seq).length;
while (countUnanswered() > 0 && performance.now() < end_ms) await sleep(10);
console.log(
  JSON.stringify({
    frames: latencies.length,
    framesPerSecond: latencies.length / seconds,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    max: latencies.at(-1),
    errors: clients.reduce((sum, client) => sum + client.errors, 0),
    lost: clients.reduce((sum, client) => sum + client.lost, 0),
    unanswered: countUnanswered(),
  }),
);
process.exit(0);
