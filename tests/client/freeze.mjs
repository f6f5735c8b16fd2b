// Redis is not there when two instances start, and later it is frozen: each goes on alone, and they find each other.
// Usage: node freeze.mjs BINARY. Exits with 0 when everything held.

import assert from "node:assert/strict";
import { Instance, Redis, done, reaches, resyncs, sleep, until, within } from "./fleet.mjs";

const redis = await Redis.reserve();
const [a, b] = await Promise.all([Instance.start(redis), Instance.start(redis)]);
const [ann, bob] = [await a.connect("ann", "lobby"), await b.connect("bob", "lobby")];
const alone = async (ms) => {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(200)) {
    await Promise.all([reaches(a, ann, "lobby"), reaches(b, bob, "lobby")]);
  }
};

async function comesBack(what, heal) {
  const told = [ann, bob].map(resyncs);
  await heal();
  await within(15_000, what, () => Promise.all([a.isUp(), b.isUp()]));
  await Promise.all([reaches(a, bob, "lobby"), reaches(b, ann, "lobby")]);
  await until("clients are told", () => [ann, bob].every((peer, at) => resyncs(peer) > told[at]));
}

await alone(10_000);
await comesBack("up when Redis has come at last", () => redis.start());

redis.signal("SIGSTOP");
await within(30_000, "a frozen Redis is noticed", () => Promise.all([a.isDown(), b.isDown(), alone(1_000)]));
await comesBack("back after the freeze", () => redis.signal("SIGCONT"));

// A client that came before the first link of its instance is told, too.
redis.signal("SIGSTOP");
const c = await Instance.start(redis);
const early = await c.connect("early", "lobby");
redis.signal("SIGCONT");
await c.isUp();
await until("it is told", () => resyncs(early) > 0);
assert.equal(await c.metric("ws_bus_reconnects_total"), 0);

done();
