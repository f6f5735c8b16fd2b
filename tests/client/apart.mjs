// Two databases of one Redis, and two prefixes in one database: they do not hear each other, nor know of each other.
// Usage: node apart.mjs BINARY. Exits with 0 when everything held.

import assert from "node:assert/strict";
import { Instance, Redis, done, numbers, reaches, sleep, until } from "./fleet.mjs";

const redis = await Redis.start();
const start = (path, env) => Instance.start({ url: redis.url + path }, env);
const own = { WS_REDIS_PREFIX: "other" };
const places = [["/0"], ["/1"], ["/0", own]];
const pairs = await Promise.all(places.map((place) => Promise.all([start(...place), start(...place)])));
await Promise.all(pairs.flat().map((instance) => instance.isUp()));
const peers = await Promise.all(pairs.map(([a, b]) => Promise.all([a.connect("ann", "lobby"), b.connect("bob", "lobby")])));
for (const [at, [a, b]] of pairs.entries()) {
  const [ann, bob] = peers[at];
  await Promise.all([reaches(a, bob, "lobby"), reaches(b, ann, "lobby")]);
  await until("both are known", async () => (await a.tell("room-size-everywhere", "lobby")) === 2);
  await until("both instances are counted", async () => (await b.metric("ws_bus_instances")) === 2);
}
await pairs[0][0].tell("personal", "bob", 4711);
await pairs[0][1].tell("kick", "eve");
await until("its own bob hears it", () => numbers(peers[0][1]).includes(4711));
await sleep(500);
for (const [at, [a, b]] of pairs.entries()) {
  const pids = new Set([a.child.pid, b.child.pid]);
  for (const peer of peers[at]) {
    const foreign = peer.inbox.filter(({ type, from }) => type === "notification" && !pids.has(from));
    assert.deepEqual(foreign, [], `${peer.name} of ${places[at][0]}`);
  }
  if (at > 0) assert.ok(!numbers(peers[at][1]).includes(4711));
}

done();
