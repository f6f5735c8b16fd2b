// A thousand clients when the service is asked to stop: every one is told 1012, spread over the configured time.
// Usage: node drain.mjs BASE_URL PID SECONDS. Exits with 0 when everything held.

import assert from "node:assert/strict";
import { once } from "node:events";
import WebSocket from "ws";

const [base, pid, seconds] = process.argv.slice(2);
const CLIENTS = 1000;

setTimeout(() => {
  console.error("not done in two minutes");
  process.exit(1);
}, 120_000).unref();

const sockets = [];
for (let at = 0; at < CLIENTS; at += 1) {
  const socket = new WebSocket(`${base}/client-${at}`);
  await once(socket, "message");
  sockets.push(socket);
}

const start = Date.now();
const closes = sockets.map(async (socket) => {
  const [code] = await once(socket, "close");
  return { code, after: Date.now() - start };
});
process.kill(Number(pid), "SIGTERM");
const told = await Promise.all(closes);
assert.deepEqual(new Set(told.map((close) => close.code)), new Set([1012]));
const times = told.map((close) => close.after).sort((a, b) => a - b);
const [early, late] = [times[CLIENTS * 0.1], times[CLIENTS * 0.9]];
assert.ok(late - early > seconds * 1000 * 0.5, `80 % of the closes came within ${late - early} ms`);
console.log("all held");
