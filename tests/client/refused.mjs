// A Redis that refuses writes: messages go on between the instances, and only who is where is not known to all; the clients are
// told once when it is again. A replica, which takes none for good, is left without telling the clients each time.
// Usage: node refused.mjs BINARY. Exits with 0 when everything held.

import assert from "node:assert/strict";
import { Instance, done, reaches, resyncs, sleep, until } from "./fleet.mjs";

const { redis, a, b } = await Instance.pair();
const peers = [await a.connect("ann", "lobby"), await b.connect("bob", "lobby")];
const [ann, bob] = peers;
const size = (instance) => instance.tell("room-size-everywhere", "lobby");
await until("all know of both", async () => (await size(a)) === 2 && (await size(b)) === 2);
const told = () => peers.map(resyncs);
assert.deepEqual(told(), [0, 0]);

// It is full, for longer than instances show themselves, and while another instance starts.
redis.call("CONFIG", "SET", "maxmemory", "1");
await until("each knows its own", async () => (await size(a)) === 1 && (await size(b)) === 1);
const c = await Instance.start(redis);
await c.isUp();
const cat = await c.connect("cat", "lobby");
for (let at = 0; at < 3; at += 1) {
  await Promise.all([reaches(a, bob, "lobby"), reaches(b, cat, "lobby"), reaches(c, ann, "lobby")]);
  await sleep(2_500);
}
for (const instance of [a, b, c]) assert.equal(await instance.metric("ws_bus_reconnects_total"), 0);
redis.call("CONFIG", "SET", "maxmemory", "0");
await until("who is where is known", async () => (await size(a)) === 3 && (await size(b)) === 3 && (await size(c)) === 3);
await until("clients are told to look again", () => told().every((count) => count === 1));

// It is a replica of another one, until it is not.
redis.call("REPLICAOF", "127.0.0.1", "1");
await Promise.all([a.isDown(), b.isDown()]);
await sleep(3_000);
assert.deepEqual(told(), [1, 1]);
redis.call("REPLICAOF", "NO", "ONE");
await Promise.all([a.isUp(), b.isUp()]);
await Promise.all([reaches(a, bob, "lobby"), reaches(b, ann, "lobby")]);
await until("clients are told", () => told().every((count) => count === 2));

done();
