// A room of five hundred and one who stops reading: the others miss nothing, the one is closed with 4008.
// The memory of the service hardly grows meanwhile.
// Usage: node crowd.mjs BASE_URL PID, as in ws://127.0.0.1:3000/ws. Exits with 0 when everything held.

import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import WebSocket from "ws";

const [base, pid] = process.argv.slice(2);
const READERS = 500;
const MESSAGES = 300;
// Nearly as long as a message may be.
const TEXT = "x".repeat(64 * 1024 - 64);
const MAX_GROWTH = 4 * 1024 * 1024;

setTimeout(() => {
  console.error("not done in two minutes");
  process.exit(1);
}, 120_000).unref();

function memory(name) {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)[1]) * 1024;
}

async function join(name) {
  const socket = new WebSocket(`${base}/${name}`, { perMessageDeflate: false });
  const joined = new Promise((done) => {
    socket.on("message", (data) => data.length < TEXT.length && JSON.parse(data).type === "joined" && done());
  });
  await once(socket, "open");
  socket.send(JSON.stringify({ type: "join_room", room: "crowd" }));
  await joined;
  return socket;
}

const readers = [];
for (let at = 0; at < READERS; at += 1) readers.push(await join(`reader-${at}`));
const stalled = await join("stalled");
stalled.pause();
const closed = once(stalled, "close");

const counts = new Array(READERS).fill(0);
const all = new Promise((done) => {
  let complete = 0;
  readers.forEach((socket, at) => {
    socket.on("message", (data) => {
      if (data.length < TEXT.length) return;
      counts[at] += 1;
      if (counts[at] === MESSAGES && (complete += 1) === READERS) done();
    });
  });
});

const speaker = await join("speaker");
const before = memory("VmRSS");
for (let sent = 0; sent < MESSAGES; sent += 1) {
  // The speaker's own copy paces it: this one process reads for everybody.
  const echo = new Promise((done) => speaker.on("message", (data) => data.length >= TEXT.length && done()));
  speaker.send(JSON.stringify({ type: "message", room: "crowd", text: TEXT }));
  await echo;
  speaker.removeAllListeners("message");
}
await all;
assert.ok(counts.every((count) => count === MESSAGES));
const growth = memory("VmHWM") - before;
assert.ok(growth < MAX_GROWTH, `the service grew by ${growth} bytes`);

const metrics = await (await fetch(`${base.replace("ws:", "http:")}/metrics`)).text();
assert.match(metrics, /^ws_connections_closed_total\{code="4008"\} 1$/m);
stalled.resume();
// 4008 reaches a client that reads again within seconds; later it finds the connection gone.
const [code] = await closed;
assert.ok([4008, 1006].includes(code), `closed with ${code}`);
[...readers, speaker].forEach((socket) => socket.terminate());
console.log("all held");
