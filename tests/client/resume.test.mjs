// Rooms that come back by a token.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { FakeSocket, begin, client, pass, settle } from "./fake.mjs";

beforeEach(begin);

/** A client that is in rooms and has lost its connection, and its next socket. */
async function lost(...rooms) {
  const it = await client();
  FakeSocket.last.accept({ resume: "token-1" });
  rooms.forEach((room) => it.join(room));
  FakeSocket.last.letIn();
  FakeSocket.last.end(1012);
  return it;
}

async function reconnect(resume) {
  await pass(4_000); // longer than any of its first waits
  FakeSocket.last.accept({ resume });
  await settle();
  return FakeSocket.last;
}

const types = (socket) => socket.sent.map(({ type }) => type);
const joined = (room) => ({ room, members: ["me"], count: 1 });

test("the token is presented before all else, and only the rooms that it does not give back are joined", async () => {
  const it = await lost("lobby", "den");
  const [heard, resyncs] = [[], []];
  it.on("joined", ({ room }) => heard.push(room));
  it.on("resync", () => resyncs.push("resync"));
  it.send({ type: "message", room: "lobby", text: "meanwhile" });
  const socket = await reconnect();
  assert.deepEqual(types(socket), ["resume"]);
  const [{ token, id }] = socket.take("resume");
  assert.equal(token, "token-1");
  socket.say({ type: "resumed", rooms: [joined("lobby"), joined("given")], id });
  await settle();
  assert.deepEqual(heard, ["lobby", "given"]);
  assert.deepEqual(types(socket), ["join_room", "message"]);
  assert.deepEqual(socket.letIn(), ["den"]);
  await settle();
  assert.equal(resyncs.length, 1);
});

test("a token that the server refuses, or a connection that ends meanwhile, leaves the rooms to be joined", async () => {
  const it = await lost("lobby");
  let socket = await reconnect("token-2");
  const [{ id }] = socket.take("resume");
  socket.say({ type: "error", code: "not_resumed", message: "no", id });
  await settle();
  assert.deepEqual(socket.letIn(), ["lobby"]);
  socket.end(1006);
  socket = await reconnect();
  assert.equal(socket.take("resume")[0].token, "token-2");
  socket.end(1006);
  socket = await reconnect();
  assert.deepEqual(socket.letIn(), ["lobby"]);
  assert.equal(it.state, "open");
});

test("a room that was left while there was no connection is left when it comes back", async () => {
  const it = await lost("lobby", "den");
  it.leave("den");
  const socket = await reconnect();
  const [{ id }] = socket.take("resume");
  socket.say({ type: "resumed", rooms: [joined("den"), joined("lobby")], id });
  await settle();
  assert.deepEqual(socket.sent.map(({ type, room }) => [type, room]), [["leave_room", "den"]]);
});

/** Loses the connection and makes the next one. */
async function breakOff() {
  FakeSocket.last.end(1006);
  return reconnect("token-3");
}

/** Gives rooms back; says what is sent then. */
async function giveBack(socket, ...rooms) {
  const [{ id }] = socket.take("resume");
  socket.say({ type: "resumed", rooms: rooms.map(joined), id });
  await settle();
  return socket.sent.map(({ type, room }) => [type, room]);
}

test("a room that was left while there was no connection is left when only the connection after the next one works", async () => {
  const it = await lost("lobby", "den");
  it.leave("den");
  await reconnect("token-2");
  assert.deepEqual(await giveBack(await breakOff(), "den", "lobby"), [["leave_room", "den"]]);
});

test("a room is left again when it comes back, until the server has said that it is left", async () => {
  const it = await lost("lobby", "den");
  await giveBack(await reconnect("token-2"), "den", "lobby");
  it.leave("den");
  const socket = await breakOff();
  assert.deepEqual(await giveBack(socket, "den", "lobby"), [["leave_room", "den"]]);
  socket.say({ type: "left", room: "den", id: socket.take("leave_room")[0].id });
  assert.deepEqual(await giveBack(await breakOff(), "den", "lobby"), []);
});
