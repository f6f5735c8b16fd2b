// A request that is never finished, and one that is never answered, do not hold up the end of the sockets.
// Usage: node held.mjs BASE_URL PID. Exits with 0 when everything held.

import assert from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Peer } from "./peer.mjs";

const [base, pid] = process.argv.slice(2);
const { hostname, port } = new URL(base);

for (const request of ["GET /half HTTP/1.1\r\nHost: ", "GET /endless HTTP/1.1\r\nHost: x\r\n\r\n"]) {
  const socket = net.connect(Number(port), hostname);
  await once(socket, "connect");
  socket.write(request);
}
const ann = new Peer(base, "ann");
await ann.take("welcome");
await sleep(200);
const start = Date.now();
process.kill(Number(pid), "SIGTERM");
const [code] = await once(ann.socket, "close");
assert.equal(code, 1012);
assert.ok(Date.now() - start < 2000, `told after ${Date.now() - start} ms`);
console.log("all held");
process.exit(0); // the requests are still there
