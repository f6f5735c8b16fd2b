// The life of a connection: backoff, final codes, stale connections, the page's own events.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { FakeSocket, begin, client, connected, pass, settle } from "./fake.mjs";

const FINAL = [1000, 1002, 1008, 1009, 4001, 4003, 4777];
const PASSING = [1001, 1005, 1006, 1011, 1012, 1013, 4008, 4009, 4029];

let page;
beforeEach(() => (page = begin()));

const lastDelay = ({ states }) => states.at(-1).delay;

test("a thousand clients of a server that restarts spread over the first second", async () => {
  const clients = await Promise.all(Array.from({ length: 1000 }, () => connected()));
  FakeSocket.all.forEach((socket) => socket.end(1012));
  const tenths = new Array(10).fill(0);
  clients.forEach((each) => (tenths[Math.floor(lastDelay(each) / 100)] += 1));
  assert.ok(tenths.every((count) => count > 40 && count < 160), `delays by tenth of a second: ${tenths}`);
});

test("the waits double up to the longest, and begin anew after a connection that lasted", async () => {
  mock.method(Math, "random", () => 0.5);
  const it = await connected();
  const lose = async () => {
    FakeSocket.last.end(1006);
    const delay = lastDelay(it);
    await pass(delay);
    return delay;
  };
  const delays = [];
  for (let count = 0; count < 7; count += 1) delays.push(await lose());
  assert.deepEqual(delays, [500, 1000, 2000, 4000, 8000, 15000, 15000]);
  FakeSocket.last.accept();
  await pass(24_000);
  assert.equal(await lose(), 15_000, "a connection that ends soon is no success");
  FakeSocket.last.accept();
  await pass(20_000);
  FakeSocket.last.say({ type: "pong" });
  await pass(11_000);
  assert.equal(await lose(), 500);
});

test("final codes end it, the others do not", async () => {
  for (const code of FINAL) {
    const it = await connected();
    FakeSocket.last.end(code, "why");
    assert.deepEqual(it.states.at(-1), { state: "closed", code, reason: "why" });
    const count = FakeSocket.all.length;
    await pass(600_000);
    page.dispatchEvent(new Event("online"));
    await settle();
    assert.equal(FakeSocket.all.length, count, `${code} is final`);
  }
  for (const code of PASSING) {
    const it = await connected();
    const count = FakeSocket.all.length;
    FakeSocket.last.end(code);
    assert.equal(it.state, "waiting");
    await pass(1_000);
    assert.equal(FakeSocket.all.length, count + 1, `${code} is not final`);
    it.close();
  }
});

test("what is closed by the page stays closed, in whichever state it was", async () => {
  const states = [await client(), await connected(), await connected()];
  FakeSocket.last.end(1006);
  assert.deepEqual(states.map(({ state }) => state), ["connecting", "open", "waiting"]);
  states.forEach((it) => it.close());
  await pass(600_000);
  assert.deepEqual(states.map(({ state }) => state), ["closed", "closed", "closed"]);
  assert.equal(FakeSocket.all.length, 3);
});

test("what is closed connects again when told to, with its rooms, as if new", async () => {
  mock.method(Math, "random", () => 0.5);
  const it = await connected();
  it.join("lobby");
  FakeSocket.last.letIn();
  FakeSocket.last.end(1006);
  await pass(500);
  FakeSocket.last.end(4003, "kicked");
  it.connect();
  await settle();
  FakeSocket.last.accept();
  assert.deepEqual(FakeSocket.last.letIn(), ["lobby"]);
  page.dispatchEvent(new Event("offline"));
  assert.equal(FakeSocket.last.take("ping").length, 1, "the page is listened to once");
  FakeSocket.last.end(1006);
  assert.equal(lastDelay(it), 500);
});

test("a silent server is pinged and then given up, without waiting for its goodbye", async () => {
  const it = await connected({ heartbeat: 5_000, timeout: 2_000 });
  const [socket] = FakeSocket.all;
  await pass(4_999);
  socket.say({ type: "notification" });
  await pass(4_999);
  assert.deepEqual(socket.sent, [], "any message is a sign of life");
  await pass(1);
  assert.deepEqual(socket.sent, [{ type: "ping" }]);
  socket.say({ type: "pong" });
  await pass(5_000);
  assert.equal(socket.take("ping").length, 2);
  await pass(1_999);
  assert.equal(it.state, "open");
  await pass(1);
  assert.deepEqual([it.state, it.states.at(-1).code, socket.closedWith], ["waiting", 4009, 1000]);
  await pass(1_000);
  assert.equal(FakeSocket.all.length, 2);
});

test("a connection that does not come about is given up, and what it brings later is not heard", async () => {
  const it = await client({ timeout: 2_000 });
  const [late] = FakeSocket.all;
  await pass(2_000);
  assert.equal(it.state, "waiting");
  late.accept();
  assert.equal(it.state, "waiting");
});

test("a page that is on line or looked at again tries at once", async () => {
  const it = await client({ baseDelay: 60_000 });
  mock.method(Math, "random", () => 0.9);
  FakeSocket.last.end(1006);
  document.hidden = true;
  document.dispatchEvent(new Event("visibilitychange"));
  assert.equal(it.state, "waiting");
  document.hidden = false;
  document.dispatchEvent(new Event("visibilitychange"));
  await settle();
  assert.equal(FakeSocket.all.length, 2);
  FakeSocket.last.end(1006);
  page.dispatchEvent(new Event("online"));
  await settle();
  assert.equal(FakeSocket.all.length, 3);
});

test("an open connection is tested when the page goes off line, comes back or is looked at", async () => {
  await connected();
  for (const [target, type] of [[page, "offline"], [page, "online"], [document, "visibilitychange"]]) {
    target.dispatchEvent(new Event(type));
    assert.equal(FakeSocket.last.take("ping").length, 1, type);
  }
});

test("a token is a protocol and a ticket is in the query, asked for at each attempt", async () => {
  let count = 0;
  await client({ token: () => `t${(count += 1)}` });
  assert.equal(FakeSocket.last.url, "ws://host.test/ws");
  assert.deepEqual(FakeSocket.last.protocols, ["ws.v1", "bearer.t1"]);
  FakeSocket.last.end(1006);
  await pass(1_000);
  assert.deepEqual(FakeSocket.last.protocols, ["ws.v1", "bearer.t2"]);
  await client({ url: "https://host.test/ws", ticket: async () => "once" });
  assert.equal(FakeSocket.last.url, "wss://host.test/ws?ticket=once");
});

test("a token that cannot be had is asked for again later", async () => {
  const answers = [Promise.reject(new Error("signed out")), "t"];
  const it = await client({ token: () => answers.shift() });
  assert.deepEqual([it.state, it.states.at(-1).reason], ["waiting", "signed out"]);
  await pass(1_000);
  assert.equal(FakeSocket.all.length, 1);
});

test("what is closed while its ticket is on the way opens nothing", async () => {
  let give;
  const it = await client({ ticket: () => new Promise((resolve) => (give = resolve)) });
  it.close();
  give("late");
  await settle();
  assert.equal(FakeSocket.all.length, 0);
});
