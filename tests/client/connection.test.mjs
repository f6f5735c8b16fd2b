// The life of a connection: backoff, final codes, stale connections, the page's own events.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { FakeSocket, begin, client, connected, pass, setOnline, settle } from "./fake.mjs";

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

test("it is open when the server has welcomed it, which something that only shakes hands does not", async () => {
  const it = await client({ timeout: 2_000 });
  FakeSocket.last.onopen?.();
  assert.equal(it.state, "connecting");
  await pass(2_000);
  assert.deepEqual([it.state, it.clientId], ["waiting", undefined]);
  await pass(1_000);
  it.onState(({ state }) => state === "open" && assert.equal(it.clientId, "me"));
  FakeSocket.last.accept();
  assert.deepEqual([it.state, it.clientId], ["open", "me"]);
});

test("what can never connect is closed, with the reason", async () => {
  const urls = ["/ws", "ftp://host.test/ws", "http://", "ws://host.test:99999/ws", "http://[::"];
  const tokens = ["a b", "a/b", "ö"].map((token) => ({ token: () => token }));
  for (const options of [...urls.map((url) => ({ url })), ...tokens]) {
    const it = await client(options);
    const [{ state, code, reason }] = it.states.slice(-1);
    assert.deepEqual([it.state, state, code], ["closed", "closed", 1006]);
    assert.match(reason, new RegExp(`^cannot connect to ${(options.url ?? "http://host.test/ws").replace("[", ".")}: .`));
    assert.ok(!reason.includes("bearer"), reason);
    await pass(600_000);
    page.dispatchEvent(new Event("focus"));
    assert.equal(it.state, "closed");
  }
  assert.equal(FakeSocket.all.length, 0);
});

test("three failures before the first success end it, with a reason, until it is told to connect", async () => {
  const it = await client();
  const fail = async () => {
    FakeSocket.last.end(1006);
    await pass(5_000);
    return it.state;
  };
  assert.deepEqual([await fail(), await fail(), await fail()], ["connecting", "connecting", "closed"]);
  assert.deepEqual([it.states.at(-1).code, FakeSocket.all.length], [1006, 3]);
  assert.equal(it.states.at(-1).reason, it.constructor.REFUSED);
  await pass(600_000);
  assert.equal(FakeSocket.all.length, 3);
  it.connect();
  await settle();
  assert.deepEqual([await fail(), await fail()], ["connecting", "connecting"]);
  FakeSocket.last.accept();
  for (let count = 0; count < 9; count += 1) {
    FakeSocket.last.end(1006);
    await pass(30_000);
  }
  assert.equal(it.state, "connecting", "one that was connected has a right to be");
});

test("a token that cannot be had three times ends it, in the words of who asked", async () => {
  const it = await client({ token: () => Promise.reject(new Error("sign in first")) });
  await pass(5_000);
  await pass(5_000);
  assert.deepEqual(it.states.at(-1), { state: "closed", code: 1006, reason: "sign in first" });
});

test("being off line is no refusal, and is not tested by trying", async () => {
  const it = await client();
  setOnline(false);
  for (let count = 0; count < 5; count += 1) {
    FakeSocket.last.end(1006);
    await pass(30_000);
  }
  FakeSocket.last.end(1006);
  const count = FakeSocket.all.length;
  for (const type of ["focus", "offline", "pageshow"]) page.dispatchEvent(new Event(type));
  assert.deepEqual([it.state, FakeSocket.all.length], ["waiting", count]);
});

const RETURNS = () => [[page, "focus"], [page, "online"], [page, "pageshow"], [document, "visibilitychange"]];

test("a page that is back tries at once", async () => {
  const it = await connected({ baseDelay: 60_000 });
  mock.method(Math, "random", () => 0.9);
  FakeSocket.last.end(1006);
  document.hidden = true;
  document.dispatchEvent(new Event("visibilitychange"));
  assert.equal(it.state, "waiting");
  document.hidden = false;
  for (const [target, type] of RETURNS()) {
    const count = FakeSocket.all.length;
    target.dispatchEvent(new Event(type));
    await settle();
    assert.equal(FakeSocket.all.length, count + 1, type);
    FakeSocket.last.end(1006);
  }
});

test("an open connection is tested at once when the page is back or goes off line", async () => {
  await connected();
  for (const [target, type] of [...RETURNS(), [page, "offline"]]) {
    target.dispatchEvent(new Event(type));
    assert.equal(FakeSocket.last.take("ping").length, 1, type);
    FakeSocket.last.say({ type: "pong" });
  }
});

test("events that come together are one test, and further ones do not put off its end", async () => {
  const it = await connected({ timeout: 10_000 });
  for (const [target, type] of RETURNS()) target.dispatchEvent(new Event(type));
  assert.equal(FakeSocket.last.take("ping").length, 1);
  for (let passed = 0; passed < 10; passed += 1) {
    assert.equal(it.state, "open");
    page.dispatchEvent(new Event("focus"));
    await pass(1_000);
  }
  assert.deepEqual([it.state, it.states.at(-1).code], ["waiting", 4009]);
});

test("a token is a protocol, asked for at each attempt", async () => {
  let count = 0;
  await client({ token: () => `t${(count += 1)}` });
  assert.equal(FakeSocket.last.url, "ws://host.test/ws");
  assert.deepEqual(FakeSocket.last.protocols, ["ws.v1", "bearer.t1"]);
  FakeSocket.last.end(1006);
  await pass(1_000);
  assert.deepEqual(FakeSocket.last.protocols, ["ws.v1", "bearer.t2"]);
  await client({ url: "https://host.test/ws" });
  assert.deepEqual([FakeSocket.last.url, FakeSocket.last.protocols], ["wss://host.test/ws", []]);
});

test("a token that cannot be had is asked for again later", async () => {
  const answers = [Promise.reject(new Error("signed out")), "t"];
  const it = await client({ token: () => answers.shift() });
  assert.deepEqual([it.state, it.states.at(-1).reason], ["waiting", "signed out"]);
  await pass(1_000);
  assert.equal(FakeSocket.all.length, 1);
});

test("what is closed while its token is on the way opens nothing", async () => {
  let give;
  const it = await client({ token: () => new Promise((resolve) => (give = resolve)) });
  it.close();
  give("late");
  await settle();
  assert.equal(FakeSocket.all.length, 0);
});
