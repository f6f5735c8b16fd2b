// A Redis Cluster of three masters under two instances: the rooms are spread over them, one fails, slots move.
// Usage: node cluster.mjs BINARY WS_HISTORY. Exits with 0 when everything held.

import assert from "node:assert/strict";
import { Cluster, Instance, done, numbers, reaches, sleep, until, within } from "./fleet.mjs";

const cluster = await Cluster.start();
const url = cluster.nodes.map((node) => node.url).join(",");
const env = { WS_HISTORY: process.argv[3] };
const [a, b] = await Promise.all([Instance.start({ url }, env), Instance.start({ url }, env)]);
await Promise.all([a.isUp(), b.isUp()]);
const rooms = Array.from({ length: 20 }, (_, at) => `room-${at}`);
const [ann, bob] = [await a.connect("ann", ...rooms), await b.connect("bob", ...rooms)];
const everyRoomCrosses = () =>
  Promise.all(rooms.flatMap((room) => [reaches(a, bob, room), reaches(b, ann, room)]));

// Each node has a share of who is where.
for (const node of cluster.nodes) {
  const keys = node.call("KEYS", "*:room:*").split("\n").filter(Boolean);
  assert.ok(keys.length > 0 && keys.length < rooms.length, `${keys.length} keys on a node`);
}
await a.tell("publish", "room-1", 500);
await until("all have come", () => numbers(bob).length === 500);
assert.deepEqual(numbers(bob, a.child.pid), Array.from({ length: 500 }, (_, number) => number));
await everyRoomCrosses();
const areWhole = async () => {
  const sizes = await Promise.all(rooms.map((room) => a.tell("room-size-everywhere", room)));
  return sizes.every((size) => size === 2) && (await b.tell("is-connected-everywhere", "ann")) === 1;
};
await until("all nodes know who is present", areWhole);
await b.tell("personal", "ann", 4711);
await until("a personal message crosses", () => numbers(ann).includes(4711));

// Slots that move to another node while instances talk: nothing is lost, and no link is given up.
{
  const reconnects = () => Promise.all([a, b].map((instance) => instance.metric("ws_bus_reconnects_total")));
  const before = await reconnects();
  const heard = [ann, bob].map((peer) => numbers(peer).length);
  let sent = 0;
  const talking = setInterval(() => {
    const room = rooms[sent % rooms.length];
    (sent % 2 ? a : b).tell("publish", room, 1);
    sent += 1;
  }, 10);
  await within(60_000, "3,000 slots moved", () => cluster.reshard(3000));
  clearInterval(talking);
  console.error(`${sent} messages meanwhile`);
  await until("all have come", () => [ann, bob].every((peer, at) => numbers(peer).length === heard[at] + sent));
  assert.deepEqual(await reconnects(), before);
  assert.ok(sent > 100, "there was load");
  await until("all nodes know who is present still", areWhole);
  const cat = await a.connect("cat", ...rooms);
  await until("who comes then is present", async () => (await b.tell("room-size-everywhere", "room-7")) === 3);
  cat.socket.terminate();
  await until("who goes then is not", async () => (await b.tell("room-size-everywhere", "room-7")) === 2);
}

// A node that fails and comes back. The instances that are linked by it find another one.
const [, , third] = cluster.nodes;
await third.signal("SIGKILL");
await sleep(5_000);
await everyRoomCrosses();
await third.restart();
await within(30_000, "back after a node was away", () => Promise.all([a.isUp(), b.isUp()]));
await everyRoomCrosses();
await until("all nodes know who is present again", areWhole, 60_000);

done();
