// Redis is killed for 2 s and for 30 s, and its subscribers are cut off, under two instances with 10,000 rooms: each goes
// on alone, and the two find each other again.
// Usage: node outage.mjs BINARY. Exits with 0 when everything held.

import assert from "node:assert/strict";
import { Instance, done, reaches, resyncs, sleep, until, within } from "./fleet.mjs";

const { redis, a, b } = await Instance.pair();
const [ann, bob] = [await a.connect("ann", "lobby"), await b.connect("bob", "lobby")];
const many = [];
for (let at = 0; at < 100; at += 1) {
  many.push(await a.connect(`many-${at}`));
  assert.equal(await a.tell("join-many", `many-${at}`, 100), 100);
}
await until("all rooms are subscribed to", () => redis.channels("*:room:many-*").length === 10_000);

function isWhole() {
  const told = resyncs(ann);
  return async () => {
    assert.equal(redis.channels("*:room:many-*").length, 10_000);
    await reaches(b, many[99], "many-99-99");
    await reaches(a, bob, "lobby");
    await until("clients are told", () => resyncs(ann) > told);
  };
}

/** Joins the lobby again at once when told to ask; gives the answer. */
async function asksAgain(peer) {
  peer.socket.on("message", (data) => {
    if (JSON.parse(data).type === "resync") peer.send({ type: "join_room", room: "lobby" });
  });
  return peer.take("joined");
}

{
  const back = isWhole();
  const answers = [ann, bob].map(asksAgain);
  const isBack = async (instance) => (await instance.metric("ws_bus_reconnects_total")) === 1;
  await within(10_000, "10,000 rooms subscribed to again after a cut", async () => {
    redis.call("CLIENT", "KILL", "TYPE", "pubsub");
    await Promise.all([a, b].map((instance) => until("it is noticed", () => isBack(instance))));
  });
  await back();
  for (const { members } of await Promise.all(answers)) assert.deepEqual(members, ["ann", "bob"]);
}

for (const seconds of [2, 30]) {
  const dropped = await a.metric("ws_bus_dropped_total");
  await redis.signal("SIGKILL");
  await Promise.all([a.isDown(), b.isDown()]);
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    await Promise.all([reaches(a, ann, "lobby"), reaches(b, bob, "lobby")]);
    await sleep(200);
  }
  assert.ok((await a.metric("ws_bus_dropped_total")) > dropped);
  const back = isWhole();
  await redis.start();
  await within(10_000, `back after ${seconds} s without Redis`, () => Promise.all([a.isUp(), b.isUp()]));
  await back();
}
assert.ok([ann, bob, ...many].every((peer) => peer.socket.readyState === peer.socket.OPEN));

done();
