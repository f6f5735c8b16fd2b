// Who is in a room, and who is connected, on two instances together: while clients come and go, when Redis loses its data,
// when an instance ends well and when it is killed.
// Usage: node presence.mjs BINARY. Exits with 0 when everything held.

import assert from "node:assert/strict";
import { once } from "node:events";
import { Instance, done, sleep, until, within } from "./fleet.mjs";

const { redis, a, b } = await Instance.pair();
const c = await Instance.start(redis);
await c.isUp();
/**
 * Which others came and left, as a client was told. Of itself it hears where its instance listens to the room by the time
 * that Redis knows of it.
 */
const told = (peer) =>
  peer.inbox
    .filter(({ type }) => type === "presence")
    .flatMap(({ room, joined, left }) => [
      ...joined.filter((name) => name !== peer.name).map((name) => `${room} +${name}`),
      ...left.map((name) => `${room} -${name}`),
    ]);
const counts = (peer, room) => peer.inbox.filter((message) => message.type === "presence" && message.room === room).map(({ count }) => count);
const size = (instance, room) => instance.tell("room-size-everywhere", room);
const isConnected = async (instance, client) => (await instance.tell("is-connected-everywhere", client)) === 1;

async function join(peer, room) {
  peer.send({ type: "join_room", room });
  return peer.take("joined");
}

// The answer to a join names the members on all instances.
const ann = await a.connect("ann");
assert.deepEqual((await join(ann, "lobby")).members, ["ann"]);
const bob = await b.connect("bob");
const joined = await join(bob, "lobby");
assert.deepEqual([joined.members, joined.count], [["ann", "bob"], 2]);
await until("ann hears of bob", () => told(ann).length === 1);

// Of a client with a connection on each instance only the first and the last count.
{
  const tabs = [await a.connect("eve"), await b.connect("eve")];
  for (const tab of tabs) assert.deepEqual((await join(tab, "lobby")).members, ["ann", "bob", "eve"]);
  await until("all know of eve", async () => (await size(c, "lobby")) === 3);
  assert.ok(await isConnected(c, "eve"));
  tabs[0].send({ type: "leave_room", room: "lobby" });
  await tabs[0].take("left");
  await sleep(2_000);
  assert.equal(await size(c, "lobby"), 3);
  tabs[1].socket.terminate();
  await until("eve is in no room", async () => (await size(c, "lobby")) === 2);
  assert.ok(await isConnected(c, "eve"));
  tabs[0].socket.terminate();
  await until("eve is nowhere", async () => !(await isConnected(c, "eve")));
  const heard = ["lobby +eve", "lobby -eve"];
  await until("bob hears both", () => told(bob).length === 2);
  assert.deepEqual(told(bob), heard);
  assert.deepEqual(told(ann), ["lobby +bob", ...heard]);
  assert.equal(counts(ann, "lobby").at(-1), 2);
}

// Redis loses its data, and gets it again.
{
  redis.call("FLUSHALL");
  await within(20_000, "presence is back after Redis lost it", () =>
    until("both are there", async () => (await size(c, "lobby")) === 2 && (await isConnected(a, "bob"))),
  );
  await redis.signal("SIGKILL");
  await Promise.all([a, b, c].map((instance) => instance.isDown()));
  assert.equal(await size(a, "lobby"), 1, "what the instance knows itself");
  const late = await a.connect("late");
  assert.deepEqual((await join(late, "lobby")).members, ["ann", "late"]);
  await until("ann hears of it", () => told(ann).includes("lobby +late"));
  await redis.start();
  await within(20_000, "presence is back after Redis was away", () =>
    until("all are there", async () => (await size(c, "lobby")) === 3),
  );
  late.socket.terminate();
  await until("who goes is gone", async () => (await size(c, "lobby")) === 2);
}

// An instance that ends takes its clients out at once; one that is killed, within 30 s.
{
  const [cat, dan] = [await c.connect("cat", "lobby"), await b.connect("dan", "lobby")];
  const crowd = [];
  for (let at = 0; at < 20; at += 1) crowd.push(await b.connect(`crowd-${at}`, "square"));
  await join(ann, "square");
  const ended = once(c.child, "exit");
  c.child.kill("SIGTERM");
  await once(cat.socket, "close");
  await within(10_000, "an instance that ends is gone", () =>
    until("cat is nowhere", async () => (await size(a, "lobby")) === 3 && !(await isConnected(a, "cat"))),
  );
  assert.deepEqual(await ended, [0, null]);
  await until("two instances are left", () => redis.call("HLEN", instances()) === "2");
  await until("both have counted", async () => (await a.metric("ws_bus_instances")) === 2);
  await until("all are counted", async () => (await a.tell("connection-count-everywhere", "-")) === 23);
  const overrun = endsLate();

  b.child.kill("SIGKILL");
  await once(b.child, "exit");
  await within(20_000, "an instance that is killed is gone", () =>
    until("bob and dan are nowhere", async () => (await size(a, "lobby")) === 1 && !(await isConnected(a, "bob")), 30_000),
  );
  const gone = ["lobby -bob", `lobby -${dan.name}`, ...crowd.map(({ name }) => `square -${name}`)];
  await until("ann hears of all", () => gone.every((name) => told(ann).includes(name)));
  assert.equal(await size(a, "square"), 1);
  assert.equal(counts(ann, "square").at(-1), 1);
  await overrun;
}

// Nothing is left with the last one.
{
  const ended = once(a.child, "exit");
  a.child.kill("SIGTERM");
  assert.deepEqual(await ended, [0, null]);
  assert.equal(redis.call("KEYS", "*"), "");
}

/** An instance whose clients do not say goodbye within its deadline is taken out all the same. */
async function endsLate() {
  const ids = () => redis.call("HKEYS", instances()).split("\n");
  const others = ids();
  const slow = await Instance.start(redis, { WS_DRAIN_SECONDS: "8" });
  await slow.isUp();
  const id = ids().find((id) => !others.includes(id));
  assert.ok(id);
  for (let at = 0; at < 12; at += 1) (await slow.connect(`deaf-${at}`)).socket.pause();
  slow.child.kill("SIGTERM");
  await once(slow.child, "exit");
  const state = redis.call("HGET", instances(), id);
  assert.ok(state === "" || state.endsWith(" -"), `it has said that it has ended: ${state}`);
}

function instances() {
  return redis.call("KEYS", "*:instances:alive");
}

done();
