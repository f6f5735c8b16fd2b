// Two instances of the layer of 0.1.0 and two of today on one Redis, while a service is brought up to date: each pair goes on
// as if the other were not there.
// Usage: node versions.mjs BINARY BINARY_OF_0.1.0. Exits with 0 when everything held.

import assert from "node:assert/strict";
import { once } from "node:events";
import { Instance, Redis, done, sleep, until } from "./fleet.mjs";

const redis = await Redis.start();
const startOld = () => Instance.start(redis, { WS_METRICS: "on" }, process.argv[3]);
const [old, now] = [await Promise.all([startOld(), startOld()]), await Promise.all([Instance.start(redis), Instance.start(redis)])];
const all = [...old, ...now];
await Promise.all(all.map((instance) => instance.isUp()));
const names = ["ann", "bob", "cat", "dan"];
const peers = [];
for (const [at, instance] of all.entries()) peers.push(await instance.connect(names[at]));
const joined = [];
for (const peer of peers) {
  peer.send({ type: "join_room", room: "lobby" });
  joined.push(await peer.take("joined"));
}
assert.deepEqual(joined[3].members, ["cat", "dan"], "those of today know each other");
assert.equal(joined[3].count, 2);
const heard = (peer) => peer.inbox.filter(({ type }) => type === "message").map(({ text }) => text);

// Each hears the two of its own version, whatever the others say.
for (let round = 0; round < 50; round += 1) {
  for (const [at, peer] of peers.entries()) peer.send({ type: "message", room: "lobby", text: names[at] });
  await sleep(10);
}
const count = (peer, name) => heard(peer).filter((text) => text === name).length;
for (const [at, peer] of peers.entries()) {
  const [mine, others] = at < 2 ? [names.slice(0, 2), names.slice(2)] : [names.slice(2), names.slice(0, 2)];
  await until(`${peer.name} hears its own`, () => mine.every((name) => count(peer, name) === 50));
  assert.ok(others.every((name) => count(peer, name) === 0), `${peer.name} hears no other`);
}

// Presence is apart, too, also when one of each is killed and found to be dead by its own.
for (const at of [1, 3]) {
  all[at].child.kill("SIGKILL");
  await once(all[at].child, "exit");
}
const isGone = async () => (await now[0].tell("room-size-everywhere", "lobby")) === 1;
await until("the dead one of today is gone", isGone, 40_000);
const inOld = () => redis.call("KEYS", "*").split("\n").filter((key) => !key.includes(":v2:"));
await until("the dead one of then is gone", () => !inOld().some((key) => redis.call("TYPE", key) === "hash" && redis.call("HEXISTS", key, "bob") === "1"), 60_000);
for (const instance of [old[0], now[0]]) {
  assert.equal(await instance.metric("ws_bus_malformed_total"), 0);
  assert.equal(await instance.metric("ws_bus_reconnects_total"), 0);
  assert.deepEqual(instance.log.filter((line) => / ERROR | panicked /.test(line)), []);
}

// The last of each leaves nothing behind.
for (const instance of [old[0], now[0]]) {
  const ended = once(instance.child, "exit");
  instance.child.kill("SIGTERM");
  assert.deepEqual(await ended, [0, null]);
}
assert.deepEqual(redis.call("KEYS", "*:v2:*"), "");

done();
