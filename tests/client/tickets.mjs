// Tickets: one instance gives them out, any takes them, once; without Redis, those of its own.
// Usage: node tickets.mjs BINARY. Exits with 0 when everything held.

import assert from "node:assert/strict";
import WebSocket from "ws";
import { Instance, done } from "./fleet.mjs";

const TOKEN = "a-token-of-ann-s";
const { redis, a, b } = await Instance.pair({ WS_AUTH: "ticket", WS_TOKENS: `ann:${TOKEN}` });

async function ticket(instance) {
  const headers = { authorization: `Bearer ${TOKEN}` };
  const answer = await fetch(`http://${instance.address}/ws/ticket`, { method: "POST", headers });
  assert.equal(answer.status, 200);
  return (await answer.json()).ticket;
}

/** Who is welcomed with a ticket; the refusal's status where nobody is. */
function enter(instance, ticket) {
  const socket = new WebSocket(`ws://${instance.address}/ws?ticket=${ticket}`);
  return new Promise((done) => {
    socket.on("message", (text) => done(JSON.parse(text).client_id));
    socket.on("unexpected-response", (_, answer) => done(answer.statusCode));
  });
}

for (const [from, to] of [[a, b], [b, a], [a, a]]) {
  const once = await ticket(from);
  assert.equal(await enter(to, once), "ann");
  for (const instance of [a, b]) assert.equal(await enter(instance, once), 401);
}

// Many at the same moment are one.
const one = await ticket(a);
const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => enter([a, b][at % 2], one)));
assert.deepEqual(answers.filter((answer) => answer === "ann"), ["ann"]);

assert.equal(redis.call("KEYS", "*:ticket:*"), "");
const unused = await ticket(a);
const key = redis.call("KEYS", "*:ticket:*");
assert.ok(key.endsWith(unused));
const left = Number(redis.call("PTTL", key));
assert.ok(left > 0 && left <= 30_000, `${left} ms`);

// A Redis that is full keeps none, and none is lost for that.
redis.call("CONFIG", "SET", "maxmemory", "1");
const own = await ticket(a);
assert.equal(await enter(b, own), 401);
assert.equal(await enter(a, own), "ann");
redis.call("CONFIG", "SET", "maxmemory", "0");
await Promise.all([a.isUp(), b.isUp()]);

await redis.signal("SIGKILL");
await Promise.all([a.isDown(), b.isDown()]);
const alone = await ticket(a);
assert.equal(await enter(b, alone), 401);
assert.equal(await enter(a, alone), "ann");
assert.equal(await enter(a, alone), 401);

done();
