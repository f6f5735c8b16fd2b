// A Redis Cluster of three masters under two instances: the rooms are spread over them, one fails, slots move.
// Usage: node cluster.mjs BINARY. Exits with 0 when everything held.

import assert from "node:assert/strict";
import { Cluster, Instance, done, numbers, reaches, sleep, until, within } from "./fleet.mjs";

const cluster = await Cluster.start();
const [a, b] = await Promise.all([Instance.start(cluster.nodes[0]), Instance.start(cluster.nodes[1])]);
await Promise.all([a.isUp(), b.isUp()]);
const rooms = Array.from({ length: 20 }, (_, at) => `room-${at}`);
const [ann, bob] = [await a.connect("ann", ...rooms), await b.connect("bob", ...rooms)];
const everyRoomCrosses = () =>
  Promise.all(rooms.flatMap((room) => [reaches(a, bob, room), reaches(b, ann, room)]));

// Each node has a share of the channels.
for (const node of cluster.nodes) {
  const channels = node.call("PUBSUB", "SHARDCHANNELS", "*:room:*").split("\n").filter(Boolean);
  assert.ok(channels.length > 0 && channels.length < rooms.length, `${channels.length} channels on a node`);
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

// A node that fails and comes back.
const [, , third] = cluster.nodes;
await third.signal("SIGKILL");
await Promise.all([a.isDown(), b.isDown()]);
await third.restart();
await within(30_000, "back after a node was away", () => Promise.all([a.isUp(), b.isUp()]));
await everyRoomCrosses();
await until("all nodes know who is present again", areWhole);

// Slots that move to another node.
const reconnects = await a.metric("ws_bus_reconnects_total");
cluster.reshard(3000);
await until("the move is noticed", async () => (await a.metric("ws_bus_reconnects_total")) > reconnects, 30_000);
await Promise.all([a.isUp(), b.isUp()]);
await everyRoomCrosses();

done();
