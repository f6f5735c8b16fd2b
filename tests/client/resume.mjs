// Two instances, one Redis: a client that has lost its connection gets its rooms back on the other instance by its
// token, and what was said meanwhile.
// Usage: node resume.mjs BINARY. Exits with 0 when everything held.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Detour, Instance, done, numbers, resyncs, sleep, until } from "./fleet.mjs";

const env = { WS_HISTORY: "50", WS_RESUME_TTL: "60" };
const { redis, a, b } = await Instance.pair(env);
const texts = (peer) => peer.inbox.filter(({ type }) => type === "message").map(({ text }) => text);

async function say(peer, room, ...all) {
  for (const text of all) {
    peer.send({ type: "message", room, text });
    await peer.take("sent");
  }
}

async function resume(peer, token, since) {
  peer.send({ type: "resume", token, since });
  const type = await until("an answer", () => ["resumed", "error"].find((type) => peer.inbox.some((message) => message.type === type)));
  return peer.take(type);
}

async function join(peer, room, since) {
  peer.send({ type: "join_room", room, since });
  return peer.take("joined");
}

// A token works once, for its own client, and also while the server does not know yet that a connection is lost.
{
  const bob = await b.connect("bob", "lobby", "hall");
  const lost = await a.connect("ann", "lobby", "den", "hall");
  lost.send({ type: "leave_room", room: "den" });
  await lost.take("left");
  const { resume: token } = lost.welcome;
  assert.match(token, /^[0-9a-f]{32}$/);
  const ann = await b.connect("ann");
  for (const wrong of ["0".repeat(32), "", `${token}:x`, token.slice(1)]) {
    assert.equal((await resume(ann, wrong)).code, "not_resumed", wrong);
  }
  assert.equal((await resume(bob, token)).code, "not_resumed", "another client's token");
  const back = await resume(ann, token);
  assert.deepEqual(back.rooms.map(({ room }) => room), ["hall", "lobby"]);
  assert.equal((await resume(ann, token)).code, "not_resumed", "once");
  lost.socket.terminate();
  await until("the lost connection is gone", async () => (await a.metric("ws_connections")) === 0);
  await say(bob, "lobby", "hello");
  assert.equal((await ann.take("message")).text, "hello");
  assert.equal((await resume(ann, token)).code, "not_resumed", "also after its end");

  // One that was sent away does not come back by its token.
  const { resume: kicked } = ann.welcome;
  await a.tell("kick", "ann");
  await until("ann is gone", async () => (await b.metric("ws_connections")) === 1);
  const again = await a.connect("ann");
  await sleep(200);
  assert.equal((await resume(again, kicked)).code, "not_resumed");
  [bob, again].forEach((peer) => peer.socket.terminate());
}

// What was said meanwhile comes in order, before what comes live; the sender has it in the same order.
{
  const bob = await b.connect("bob", "talk");
  const lost = await a.connect("ann");
  await join(lost, "talk");
  await say(bob, "talk", "1", "2");
  await until("ann has both", () => texts(lost).length === 2);
  const { history } = lost.inbox.findLast(({ type }) => type === "message");
  assert.equal(history.room, "talk");
  lost.socket.terminate();
  await say(bob, "talk", "3", "4", "5");
  const ann = await b.connect("ann");
  const { rooms } = await resume(ann, lost.welcome.resume, { talk: history.seq });
  assert.deepEqual([rooms[0].seq, rooms[0].gap], [history.seq, undefined]);
  await say(bob, "talk", "6");
  await until("ann has all", () => texts(ann).length === 4);
  assert.deepEqual(texts(ann), ["3", "4", "5", "6"]);
  assert.deepEqual(texts(bob), ["1", "2", "3", "4", "5", "6"]);
  const now = await join(await a.connect("eve"), "talk");
  assert.equal(now.seq, ann.inbox.findLast(({ type }) => type === "message").history.seq, "who is new starts here");

  // Joined again in the midst of messages, it gets none twice, and none late.
  const talk = Array.from({ length: 40 }, (_, at) => `t${at}`);
  const talking = say(bob, "talk", ...talk);
  const returned = [];
  for (const instance of [a, b, a, b, a, b]) {
    const peer = await instance.connect(`late-${returned.length}`);
    const joined = await join(peer, "talk", now.seq);
    returned.push([peer, joined]);
  }
  await talking;
  for (const [peer, joined] of returned) {
    assert.deepEqual([joined.seq, joined.gap], [now.seq, undefined]);
    await until("it has all", () => texts(peer).length >= talk.length);
    assert.deepEqual(texts(peer), talk);
  }
}

// The history is bounded, and one who asks for more is told.
{
  const bob = await b.connect("bob");
  const { seq } = await join(bob, "long");
  await say(bob, "long", ...Array.from({ length: 400 }, (_, at) => String(at)));
  const key = redis.call("KEYS", "*:history:long");
  await until("all are kept", () => Number(redis.call("XLEN", key)) >= 50);
  assert.ok(Number(redis.call("XLEN", key)) <= 50 + 100, "by whole nodes of the stream");
  assert.ok(Number(redis.call("PTTL", key)) > 0);
  const ann = await a.connect("ann");
  assert.equal((await join(ann, "long", seq)).gap, true);
  await ann.settle();
  assert.deepEqual(texts(ann), []);
}

// What one connection gets back is read page by page: one that takes nothing costs the service a page, not all.
{
  const [rooms, messages] = [20, 40];
  const own = await Instance.start(redis, { ...env, WS_QUEUE_BYTES: "1048576", WS_QUEUE_MESSAGES: "256" });
  await own.isUp();
  const names = Array.from({ length: rooms }, (_, at) => `page-${at}`);
  const [since, first] = [{}, await a.connect("first")];
  for (const room of names) since[room] = (await join(first, room)).seq;
  first.socket.terminate();
  for (const room of names) for (let at = 0; at < messages; at += 1) await b.tell("publish-large", room, at);
  const status = () => readFileSync(`/proc/${own.child.pid}/status`, "utf8");
  const before = Number(status().match(/^VmRSS:\s+(\d+) kB$/m)[1]);
  const slow = await own.connect("slow");
  slow.socket.pause();
  for (const room of names) slow.send({ type: "join_room", room, since: since[room] });
  await sleep(2_000);
  const grown = Number(status().match(/^VmHWM:\s+(\d+) kB$/m)[1]) - before;
  console.error(`${rooms} rooms of ${messages} messages of 64 KiB cost ${grown} kB`);
  assert.ok(grown < 16 * 1024, `the service grew by ${grown} kB`);
  slow.socket.resume();
  await until("it has all", () => numbers(slow).length === rooms * messages);
  assert.deepEqual(numbers(slow).slice(0, messages), Array.from({ length: messages }, (_, at) => at));
  own.child.kill("SIGKILL");
}

// A room goes on from a place only when what is said from then on arrives, however long that takes.
{
  const detour = await Detour.to(redis);
  const c = await Instance.start(detour, env);
  await c.isUp();
  const [ann, bob] = [await c.connect("ann"), await b.connect("bob")];
  const { seq } = await join(bob, "slow");
  await say(bob, "slow", "1");
  detour.hold();
  ann.send({ type: "join_room", room: "slow", since: seq });
  await sleep(1_500);
  await say(bob, "slow", "2");
  await sleep(200);
  detour.release();
  await until("ann has both", () => texts(ann).length === 2);
  assert.deepEqual(texts(ann), ["1", "2"]);
}

// What is said while Redis is frozen reaches those of the same instance, at the latest when it is given up.
{
  const [ann, bob] = [await a.connect("ann", "frozen"), await a.connect("bob", "frozen")];
  await redis.signal("SIGSTOP");
  await say(bob, "frozen", "under way");
  await sleep(100);
  const all = Array.from({ length: 20 }, (_, at) => String(at));
  await say(bob, "frozen", ...all);
  await a.isDown();
  await until("ann has all", () => texts(ann).length >= all.length);
  assert.deepEqual(texts(ann), all);
  await redis.signal("SIGCONT");
  await Promise.all([a.isUp(), b.isUp()]);
}

// Without Redis, a room goes on here without a history; with it again, clients are told, and ask.
{
  const [ann, bob] = [await a.connect("ann"), await a.connect("bob", "alone")];
  const { seq } = await join(ann, "alone");
  const crowd = await Promise.all(Array.from({ length: 20 }, (_, at) => a.connect(`crowd-${at}`, "crowd")));
  await redis.signal("SIGKILL");
  await a.isDown();
  await say(bob, "alone", "here");
  assert.equal((await ann.take("message")).history, undefined);
  const { gap } = await join(ann, "alone", seq);
  assert.equal(gap, undefined, "what is missing is known with Redis only");
  const told = resyncs(ann);
  await redis.start();
  await a.isUp();
  await until("ann is told", () => resyncs(ann) > told);
  assert.equal((await join(ann, "alone", seq)).gap, true, "Redis has forgotten all");
  // All of them are new to Redis, and the history of their room keeps nothing of that.
  await until("the crowd is told", () => crowd.every((peer) => resyncs(peer) > 0));
  assert.ok(!redis.call("KEYS", "*:history:crowd"));
}

done();
