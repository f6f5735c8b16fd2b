// Ten thousand idle clients come and go, and come again until the service takes no more memory for them.
// Usage: node idle.mjs BASE_URL PID.
// Exits with 0 when everything held.

import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const [base, pid] = process.argv.slice(2);
const { hostname, port, pathname } = new URL(base);
const CLIENTS = 10_000;
const AT_ONCE = 100;

setTimeout(() => {
  console.error("not done in two minutes");
  process.exit(1);
}, 120_000).unref();

function resident() {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)[1]) * 1024;
}

async function connect(name) {
  const socket = net.connect(Number(port), hostname);
  await once(socket, "connect");
  socket.write(
    `GET ${pathname}/${name} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  );
  let answer = "";
  while (!answer.includes("welcome")) answer += (await once(socket, "data"))[0];
  return socket;
}

async function crowd(count) {
  const sockets = [];
  while (sockets.length < count) {
    const names = Array.from({ length: AT_ONCE }, (_, at) => `client-${sockets.length + at}`);
    sockets.push(...(await Promise.all(names.map(connect))));
  }
  return sockets;
}

async function leave(sockets) {
  sockets.forEach((socket) => socket.destroy());
  const metrics = `${base.replace("ws:", "http:")}/metrics`;
  let left = "";
  while (!/^ws_connections 0$/m.test(left)) {
    await sleep(100);
    left = await (await fetch(metrics)).text();
  }
}

// What a service sets aside once is not counted.
await leave(await crowd(AT_ONCE));
const before = resident();
const first = await crowd(CLIENTS);
const full = resident();
const each = (full - before) / CLIENTS;
assert.ok(each <= 10_000, `a connection takes ${each} bytes`);
await leave(first);
// Which of the allocator's arenas serves whom differs from time to time, so that a service without a leak
// may grow once or twice more; one that keeps something of every connection grows each time.
let most = full;
for (let times = 2, growth = Infinity; growth > most * 0.01; times += 1) {
  const again = await crowd(CLIENTS);
  growth = resident() - most;
  assert.ok(growth <= most * 0.01 || times < 6, `the ${times}th time, ${CLIENTS} connections take ${growth} bytes more`);
  most += Math.max(growth, 0);
  await leave(again);
}
console.log("all held");
