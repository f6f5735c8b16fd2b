// A page behind a proxy talks to the layer, and a page of elsewhere does not. Usage: node proxied.mjs PROXY_WS_URL [tells-address]

import assert from "node:assert/strict";
import { once } from "node:events";
import WebSocket from "ws";

const [base, tellsAddress] = process.argv.slice(2);
const { host } = new URL(base);

/** The first message, or the status of the refusal. */
async function first(origin, address) {
  const socket = new WebSocket(base, { origin, headers: address && { "x-forwarded-for": address } });
  const refusal = once(socket, "unexpected-response").then(([, response]) => response.statusCode);
  refusal.catch(() => {});
  socket.on("error", () => {});
  const answer = await Promise.race([once(socket, "message").then(([data]) => JSON.parse(data).type), refusal]);
  return [answer, socket];
}

// The proxy may still be starting.
for (let tries = 0; (await fetch(`${base.replace("ws", "http")}/health`).catch(() => ({}))).status !== 200; tries += 1) {
  assert.ok(tries < 200, "the proxy answers");
  await new Promise((resolve) => setTimeout(resolve, 100));
}
const [welcome, socket] = await first(`http://${host}`);
assert.equal(welcome, "welcome");
socket.send(JSON.stringify({ type: "join_room", room: "lobby" }));
assert.equal(JSON.parse((await once(socket, "message"))[0]).type, "joined");
assert.equal((await first("https://elsewhere.example"))[0], 403);
// There is one place for an address, and which that is, the proxy tells.
if (tellsAddress) {
  const addresses = ["203.0.113.1", "203.0.113.2", "203.0.113.1"];
  const answers = [];
  for (const address of addresses) answers.push((await first(`http://${host}`, address))[0]);
  assert.deepEqual(answers, ["welcome", "welcome", 429]);
}
console.log("all held");
process.exit();
