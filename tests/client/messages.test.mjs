// What is said over connections: rooms, requests and answers, the queue.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { FakeSocket, begin, client, code, connected, crawl, pass, settle } from "./fake.mjs";

beforeEach(begin);

async function reconnect() {
  FakeSocket.last.end(1006);
  await pass(1_000);
  FakeSocket.last.accept();
}

const texts = (socket) => socket.take("message").map(({ text }) => text);

test("rooms are joined again before anything else is sent, and then it is time to catch up", async () => {
  const it = await client();
  let resyncs = 0;
  it.on("resync", () => (resyncs += 1));
  ["lobby", "news", "den"].forEach((room) => it.join(room));
  FakeSocket.last.accept();
  assert.deepEqual(FakeSocket.last.letIn(), ["lobby", "news", "den"]);
  it.leave("news");
  await settle();
  assert.equal(resyncs, 0, "nothing is missed before the first connection");
  it.onState(({ state }) => state === "open" && it.send({ type: "message", room: "lobby", text: "I am back" }));
  FakeSocket.last.end(1012);
  it.send({ type: "message", room: "lobby", text: "meanwhile" });
  await pass(1_000);
  FakeSocket.last.accept();
  assert.deepEqual(FakeSocket.last.sent.map(({ type }) => type), ["join_room", "join_room", "message", "message"]);
  await settle();
  assert.equal(resyncs, 0, "not before the rooms are joined");
  assert.deepEqual(FakeSocket.last.letIn().sort(), ["den", "lobby"]);
  await settle();
  assert.equal(resyncs, 1);
});

test("a resync of the server has the rooms joined again before the page hears of it", async () => {
  const it = await connected();
  it.join("lobby");
  FakeSocket.last.letIn();
  let resyncs = 0;
  it.on("resync", () => (resyncs += 1));
  FakeSocket.last.say({ type: "resync" });
  await settle();
  assert.equal(resyncs, 0);
  assert.deepEqual(FakeSocket.last.letIn(), ["lobby"]);
  await settle();
  assert.equal(resyncs, 1);
});

test("of resyncs that come together the page hears once, when the rooms are joined again after the last", async () => {
  const it = await connected();
  it.join("lobby");
  FakeSocket.last.letIn();
  let resyncs = 0;
  it.on("resync", () => (resyncs += 1));
  for (let at = 0; at < 5; at += 1) FakeSocket.last.say({ type: "resync" });
  await settle();
  assert.equal(resyncs, 0);
  FakeSocket.last.letIn();
  await settle();
  assert.equal(resyncs, 1);
  FakeSocket.last.say({ type: "resync" });
  FakeSocket.last.letIn();
  await settle();
  assert.equal(resyncs, 2);
});

test("a room that the server refuses is given up, with word of it", async () => {
  const it = await connected();
  const left = [];
  it.on("left", (message) => left.push(message));
  const joined = it.join("secret");
  const [{ id }] = FakeSocket.last.take("join_room");
  const refusal = { type: "error", code: "forbidden", message: "you may not", id };
  FakeSocket.last.say(refusal);
  assert.equal(await code(joined), "forbidden");
  assert.deepEqual(left, [{ type: "left", room: "secret", error: refusal }]);
  await reconnect();
  assert.deepEqual(FakeSocket.last.letIn(), []);
});

test("a join that the connection did not outlive is made by the next one", async () => {
  const it = await connected();
  const joined = it.join("lobby");
  FakeSocket.last.end(1006);
  assert.equal(await code(joined), "disconnected");
  await pass(1_000);
  FakeSocket.last.accept();
  assert.deepEqual(FakeSocket.last.letIn(), ["lobby"]);
});

test("a room that is left while there is no connection is not joined by the next one", async () => {
  const it = await client();
  it.join("lobby");
  await it.leave("lobby");
  FakeSocket.last.accept();
  assert.deepEqual(FakeSocket.last.sent, []);
});

test("answers find their requests by id, in any order", async () => {
  const it = await connected();
  const [first, second] = ["a", "b"].map((text) => it.request({ type: "message", text }));
  const [a, b] = FakeSocket.last.take("message");
  FakeSocket.last.say({ type: "message", text: "to b", id: b.id });
  FakeSocket.last.say({ type: "message", text: "to a", id: a.id });
  assert.deepEqual([(await first).text, (await second).text], ["to a", "to b"]);
  await pass(60_000); // their time is over without a word
});

test("a request fails by the server's word, by the end of the connection, and by time", async () => {
  const it = await connected();
  const ask = (options) => it.request({ type: "message", text: "x" }, options);
  const refused = ask();
  FakeSocket.last.say({ type: "error", code: "not_in_room", message: "join first", id: FakeSocket.last.sent[0].id });
  await assert.rejects(refused, (error) => error.code === "not_in_room" && error.answer.message === "join first");
  const slow = ask({ timeout: 3_000 });
  await pass(2_999);
  let isOver = false;
  slow.catch(() => (isOver = true));
  await settle();
  assert.equal(isOver, false);
  await pass(1);
  assert.equal(await code(slow), "timeout");
  const lost = ask();
  FakeSocket.last.end(1006);
  assert.equal(await code(lost), "disconnected");
  it.close();
  assert.equal(await code(ask()), "closed");
});

test("a request that has timed out while it waited is not sent", async () => {
  const it = await client({ timeout: 60_000 });
  const waited = it.request({ type: "message", text: "old" }, { timeout: 1_000 });
  it.send({ type: "message", text: "new" });
  await pass(1_000);
  assert.equal(await code(waited), "timeout");
  FakeSocket.last.accept();
  assert.deepEqual(texts(FakeSocket.last), ["new"]);
});

test("a request that waits outlives attempts to connect that fail", async () => {
  const it = await client();
  const waited = it.request({ type: "message", text: "x" });
  FakeSocket.last.end(1006);
  await pass(1_000);
  FakeSocket.last.accept();
  const [{ id }] = FakeSocket.last.take("message");
  FakeSocket.last.say({ type: "message", text: "x", id });
  assert.equal((await waited).text, "x");
});

test("no more than the bound waits, and it is sent in order", async () => {
  const it = await client({ maxQueue: 3 });
  const taken = [1, 2, 3, 4].map((text) => it.send({ type: "message", text }));
  assert.deepEqual(taken, [true, true, true, false]);
  assert.equal(await code(it.request({ type: "message", text: 5 })), "queue_full");
  FakeSocket.last.accept();
  assert.deepEqual(texts(FakeSocket.last), [1, 2, 3]);
  assert.equal(it.send({ type: "message", text: 6 }), true);
});

test("rooms are joined again even where the queue is full", async () => {
  const it = await connected({ maxQueue: 1 });
  it.join("lobby");
  FakeSocket.last.letIn();
  FakeSocket.last.end(1006);
  it.send({ type: "message", text: "waits" });
  await pass(1_000);
  FakeSocket.last.accept();
  assert.deepEqual(FakeSocket.last.letIn(), ["lobby"]);
});

test("it keeps below the server's rate, from the first message to the last", async () => {
  const it = await connected();
  const socket = FakeSocket.last;
  for (let text = 0; text < 100; text += 1) it.send({ type: "message", text });
  assert.equal(socket.sent.length, 30);
  for (let second = 1; second <= 4; second += 1) {
    crawl(1_000);
    const count = socket.sent.length;
    assert.ok(count > 30 + 14 * second - 1 && count <= 30 + 15 * second, `${count} after ${second} s`);
  }
  crawl(2_000);
  assert.deepEqual(texts(socket), [...Array(100).keys()]);
  crawl(3_000);
  for (let text = 0; text < 100; text += 1) it.send({ type: "message", text });
  assert.equal(texts(socket).length, 30, "no more at once after a pause");
  await reconnect();
  assert.equal(texts(FakeSocket.last).length, 30, "each connection begins with all of it");
});

test("what is closed takes no messages and drops those that wait", async () => {
  const it = await client();
  const waits = it.request({ type: "message", text: "x" });
  it.close();
  assert.equal(await code(waits), "disconnected");
  assert.equal(it.send({ type: "message", text: "y" }), false);
});

test("a listener that fails keeps no other from hearing, and one that is taken off hears nothing", async () => {
  const it = await connected();
  const heard = [];
  const reports = mock.method(process, "nextTick", () => {}).mock;
  it.on("message", () => { throw new Error("mine"); });
  const off = it.on("message", ({ text }) => heard.push(text));
  FakeSocket.last.say({ type: "message", text: "one" });
  off();
  FakeSocket.last.say({ type: "message", text: "two" });
  assert.deepEqual(heard, ["one"]);
  assert.throws(reports.calls[0].arguments[0], /mine/, "what failed is reported");
});
