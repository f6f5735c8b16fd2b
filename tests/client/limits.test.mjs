// What the server allows: how long a message is, and how many there are.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { FakeSocket, begin, client, code, connected, crawl, pass, settle } from "./fake.mjs";

beforeEach(begin);

const LIMIT = 200;

/** A message of that many bytes, as it is sent. */
function ofBytes(bytes, message = { type: "message", room: "lobby", text: "" }) {
  return { ...message, text: "x".repeat(bytes - JSON.stringify(message).length) };
}

async function limited() {
  const it = await client();
  FakeSocket.last.accept({ max_message_bytes: LIMIT });
  await settle();
  return it;
}

test("a message that is longer than the server takes is refused to its sender, and not sent", async () => {
  const it = await limited();
  assert.equal(it.send(ofBytes(LIMIT)), true);
  assert.equal(FakeSocket.last.take("message").length, 1);
  const errors = [];
  it.on("error", ({ code, message }) => errors.push([code, message]));
  assert.equal(it.send(ofBytes(LIMIT + 1)), false);
  assert.deepEqual(errors, [["too_long", "longer than the server's limit of 200 bytes"]]);
  const request = it.request(ofBytes(LIMIT));
  assert.equal(await code(request), "too_long", "its id counts too");
  await assert.rejects(request, ({ answer }) => answer.type === "error" && answer.code === "too_long");
  assert.deepEqual([FakeSocket.last.sent, it.state], [[], "open"]);
});

test("it is bytes that count, not characters", async () => {
  const it = await limited();
  const text = "é".repeat(90);
  assert.equal(it.send({ type: "message", room: "lobby", text }), false);
  assert.equal(it.send({ type: "message", room: "lobby", text: "e".repeat(90) }), true);
});

test("what was taken before the limit was known is refused when it is, and the rest is sent", async () => {
  const it = await client();
  const errors = [];
  it.on("error", ({ code, id }) => errors.push([code, id]));
  it.send(ofBytes(LIMIT + 1));
  const request = it.request(ofBytes(LIMIT + 1));
  it.send({ type: "message", room: "lobby", text: "short" });
  FakeSocket.last.accept({ max_message_bytes: LIMIT });
  assert.equal(await code(request), "too_long");
  assert.deepEqual(errors, [["too_long", undefined]]);
  assert.deepEqual(FakeSocket.last.take("message").map(({ text }) => text), ["short"]);
});

test("the limit is that of the server at hand", async () => {
  const it = await limited();
  FakeSocket.last.end(1012);
  assert.equal(it.send(ofBytes(LIMIT + 1)), false, "the last one is the best guess");
  await pass(1_000);
  FakeSocket.last.accept({ max_message_bytes: LIMIT + 1 });
  assert.equal(it.send(ofBytes(LIMIT + 1)), true);
});

test("a room with a name that cannot be sent is given up, with word of it", async () => {
  const it = await limited();
  const left = [];
  it.on("left", ({ room, error }) => left.push([room.length, error.code]));
  assert.equal(await code(it.join("x".repeat(LIMIT))), "too_long");
  assert.deepEqual(left, [[LIMIT, "too_long"]]);
  assert.equal(it.rooms.size, 0);
});

test("a server that says it is too much is left alone for a while, and then sent half as much", async () => {
  const it = await connected({ rate: 10, burst: 10 });
  const socket = FakeSocket.last;
  const count = (milliseconds) => {
    crawl(milliseconds);
    return socket.take("message").length;
  };
  const fill = () => {
    while (it.send({ type: "message", room: "lobby", text: "more" }));
  };
  fill();
  count(0);
  socket.say({ type: "error", code: "rate_limited", message: "slow down" });
  fill();
  assert.equal(count(4_900), 0);
  const sent = count(4_100);
  assert.ok(sent >= 19 && sent <= 22, `${sent} in 4 s`);
  FakeSocket.last.end(4029);
  assert.equal(it.state, "waiting", "it comes back");
  await pass(1_000);
  FakeSocket.last.accept();
  assert.equal(FakeSocket.last.take("message").length, 10, "a new connection begins anew");
});
