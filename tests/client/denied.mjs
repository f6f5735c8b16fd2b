// An ACL refuses two instances one command after the other. Each is told once in the log, costs no link, and works again once
// it is allowed; where that was presence, the clients are told to look again.
// Usage: node denied.mjs BINARY. Exits with 0 when everything held.

import assert from "node:assert/strict";
import { Instance, done, reaches, resyncs, sleep, until } from "./fleet.mjs";

const { redis, a, b } = await Instance.pair();
const [ann, bob] = [await a.connect("ann", "lobby"), await b.connect("bob", "lobby")];
const both = [a, b];
const size = (instance) => instance.tell("room-size-everywhere", "lobby");
const allow = (...rules) => assert.equal(redis.call("ACL", "SETUSER", "default", ...rules), "OK");
const complaints = (what) => both.map(({ log }) => log.filter((line) => line.includes(what)).length);
const areWhole = async () => (await size(a)) === 2 && (await size(b)) === 2;
const cross = () => Promise.all([reaches(a, bob, "lobby"), reaches(b, ann, "lobby")]);
await until("all know of both", areWhole);

let looks = 0;
async function costsNothing() {
  for (const instance of both) assert.equal(await instance.metric("ws_bus_reconnects_total"), 0);
  assert.deepEqual([ann, bob].map(resyncs), [looks, looks]);
}

// No script: messages go on, and each instance knows its own clients.
allow("-eval");
await until("each knows its own", async () => (await size(a)) === 1 && (await size(b)) === 1);
for (let beat = 0; beat < 3; beat += 1) {
  await cross();
  await sleep(2_000);
}
assert.deepEqual(complaints("does not keep who is where"), [1, 1]);
await costsNothing();
allow("+eval");
await until("all know of both again", areWhole);
looks = 1;
await until("clients are told to look again", () => [ann, bob].every((peer) => resyncs(peer) === looks));

// Nothing is published: clients of the same instance hear it.
allow("-publish");
for (let second = 0; second < 5; second += 1) {
  await Promise.all([reaches(a, ann, "lobby"), reaches(b, bob, "lobby")]);
  await sleep(1_000);
}
assert.deepEqual(complaints("publishes nothing"), [1, 1]);
assert.ok((await a.metric("ws_bus_dropped_total")) >= 5);
await costsNothing();
allow("+publish");
await cross();
await until("all know of both once more", areWhole);
await costsNothing();

// No channel is allowed, for which Redis ends the connection once; then each goes on alone.
allow("resetchannels");
const areLinkedAnew = async () => (await Promise.all(both.map((instance) => instance.metric("ws_bus_reconnects_total")))).every((count) => count === 1);
await until("the links are new", areLinkedAnew);
await until("clients are told", () => [ann, bob].every((peer) => resyncs(peer) === 2));
for (let second = 0; second < 5; second += 1) {
  await Promise.all([reaches(a, ann, "lobby"), reaches(b, bob, "lobby")]);
  await sleep(1_000);
}
assert.deepEqual(complaints("refuses a channel"), [1, 1]);
// What was refused is asked for again, however often something else is.
let visitors = 0;
const visiting = setInterval(() => both.forEach((instance) => instance.connect(`visitor-${(visitors += 1)}`)), 200);
await sleep(1_000);
allow("allchannels");
await cross();
clearInterval(visiting);
assert.ok(await areLinkedAnew());
assert.deepEqual([ann, bob].map(resyncs), [2, 2]);

done();
