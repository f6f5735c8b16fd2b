// Two instances and one Redis: what is sent on one reaches the clients of both, each once and in order.
// Usage: node exchange.mjs BINARY. Exits with 0 when everything held.

import assert from "node:assert/strict";
import { once } from "node:events";
import { Instance, done, numbers, sleep, until, within } from "./fleet.mjs";

const { redis, a, b } = await Instance.pair();

// A thousand broadcasts from each: every member has each once, in the order of their publisher.
{
  const members = [];
  for (let at = 0; at < 10; at += 1) members.push(await [a, b][at % 2].connect(`member-${at}`, "order"));
  await within(20_000, "2,000 broadcasts to a room of 10", async () => {
    await Promise.all([a.tell("publish", "order", 1000), b.tell("publish", "order", 1000)]);
    await until("all have all", () => members.every((member) => numbers(member).length >= 2000));
  });
  await Promise.all(members.map((member) => member.settle()));
  const publishers = new Set(members[0].inbox.map(({ from }) => from).filter(Boolean));
  assert.equal(publishers.size, 2);
  const inOrder = Array.from({ length: 1000 }, (_, number) => number);
  for (const member of members) {
    for (const from of publishers) assert.deepEqual(numbers(member, from), inOrder, member.name);
    member.socket.terminate();
  }
}

// Reactions on the other instance come at once.
{
  const [ann, bob] = [await a.connect("ann"), await b.connect("bob", "lobby")];
  await within(2_000, "a personal message across", async () => {
    await b.tell("personal", "ann", 1);
    assert.equal((await ann.take("notification")).number, 1);
  });
  await within(2_000, "a join across", async () => {
    await b.tell("join", "ann", "lobby");
    await until("ann hears the room", async () => {
      await b.tell("publish", "lobby", 1);
      return numbers(ann).length > 0;
    });
  });
  await b.tell("leave", "ann", "lobby");
  await ann.settle();
  await sleep(100);
  const before = numbers(ann).length;
  await b.tell("publish", "lobby", 1);
  await bob.settle();
  await sleep(100);
  await ann.settle();
  assert.equal(numbers(ann).length, before, "who has left a room hears nothing of it");
  const closed = once(ann.socket, "close");
  await within(2_000, "a kick across", async () => {
    await b.tell("kick", "ann");
    const [code, reason] = await closed;
    assert.deepEqual([code, reason.toString()], [4003, "kicked"]);
  });
  bob.socket.terminate();
}

// Exclusion, of a client with two connections on each instance.
{
  const bobs = [];
  for (const instance of [a, a, b, b]) bobs.push(await instance.connect("bob"));
  const eve = await b.connect("eve");
  const counts = () => bobs.map((bob) => numbers(bob).length);
  await a.tell("all-but-client", "bob", 1);
  await until("eve has it", () => numbers(eve).length === 1);
  await Promise.all(bobs.map((bob) => bob.settle()));
  assert.deepEqual(counts(), [0, 0, 0, 0]);
  await a.tell("all-but-connection", "bob", bobs[0].welcome.connection_id);
  await until("eve has it", () => numbers(eve).length === 2);
  await Promise.all(bobs.map((bob) => bob.settle()));
  assert.deepEqual(counts(), [0, 1, 1, 1]);
  [...bobs, eve].forEach((peer) => peer.socket.terminate());
}

// A client of one instance that stops reading delays no message of the other instance to its neighbours.
{
  const stalled = await a.connect("stalled", "busy");
  const neighbours = [];
  for (let at = 0; at < 5; at += 1) neighbours.push(await a.connect(`neighbour-${at}`, "busy"));
  stalled.socket.pause();
  for (let at = 0; at < 120; at += 1) await b.tell("publish-large", "busy", at);
  await until("all have all", () => neighbours.every((peer) => numbers(peer).length === 120));
  [stalled, ...neighbours].forEach((peer) => peer.socket.terminate());
}

// What is not understood is counted, and disconnects nobody.
{
  const ann = await a.connect("ann", "lobby");
  const envelope = (event, v = 2) => JSON.stringify({ v, from: "elsewhere", event });
  const strange = [
    "garbage",
    "{}",
    Buffer.from([0x7b, 0xff, 0xfe, 0x00]),
    Buffer.concat([Buffer.from(envelope({ message: { payload: "?" } }).replace("?", "")), Buffer.from([0xc3, 0x28])]),
    envelope({ message: { payload: { type: "notification" } } }, 1),
    envelope({ explode: {} }),
    envelope({ message: {} }),
    "x".repeat(10 * 1024 * 1024),
    envelope({ message: { payload: "x".repeat(10 * 1024 * 1024) } }),
  ];
  const prefix = redis.channels("*:room:lobby")[0].replace("room:lobby", "");
  for (const bytes of strange) redis.publish(`${prefix}room:lobby`, bytes);
  await until("all are counted", async () => (await a.metric("ws_bus_malformed_total")) === strange.length);
  await ann.settle();
  assert.deepEqual(ann.inbox.filter(({ type }) => type !== "presence"), []);
  redis.publish(`${prefix}room:lobby`, envelope({ message: { payload: { type: "notification", number: 7 } } }));
  assert.equal((await ann.take("notification")).number, 7);
  assert.equal(await a.metric("ws_bus_reconnects_total"), 0);
  assert.equal(await b.metric("ws_bus_dropped_total"), 0);
}

done();
