// Who is in the rooms: what the server tells, and what the client makes of it.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { FakeSocket, begin, connected, pass } from "./fake.mjs";

beforeEach(begin);

/** A client in the lobby with others, and what it hears of who comes and goes. */
async function inLobby(...others) {
  const it = await connected();
  it.heard = [];
  for (const type of ["user_joined", "user_left"]) {
    it.on(type, ({ type, room, user_id, count }) => it.heard.push([type, room, user_id, count]));
  }
  it.on("presence", ({ count }) => it.heard.push(["presence", count]));
  it.join("lobby");
  enter(["me", ...others]);
  return it;
}

function enter(members, count = members.length) {
  const [{ id }] = FakeSocket.last.take("join_room");
  FakeSocket.last.say({ type: "joined", room: "lobby", members, count, id });
}

function tell({ joined = [], left = [], count, room = "lobby" }) {
  FakeSocket.last.say({ type: "presence", room, joined, left, count });
}

function picture({ rooms }) {
  const { members, count } = rooms.get("lobby");
  return [[...members].sort(), count];
}

test("a room has the members and the count that the server tells", async () => {
  const it = await inLobby("ann");
  assert.deepEqual(picture(it), [["ann", "me"], 2]);
  it.on("presence", () => assert.deepEqual(picture(it), [["bob", "cid", "me"], 3], "changed before it is told"));
  tell({ joined: ["bob", "cid"], left: ["ann"], count: 3 });
  assert.deepEqual(picture(it), [["bob", "cid", "me"], 3]);
  assert.deepEqual(it.heard.filter(([type]) => type !== "presence"), [
    ["user_joined", "lobby", "bob", 3],
    ["user_joined", "lobby", "cid", 3],
    ["user_left", "lobby", "ann", 3],
  ]);
});

test("who is known, and the client itself, is no news", async () => {
  const it = await inLobby("ann");
  tell({ joined: ["ann", "me"], count: 2 });
  assert.deepEqual(it.heard, [["presence", 2]]);
});

test("of a room with more than a hundred the client knows itself and those that are named", async () => {
  const it = await inLobby();
  const named = Array.from({ length: 100 }, (_, number) => `n${number}`);
  it.join("lobby");
  enter(named, 700);
  assert.equal(it.rooms.get("lobby").members.size, 101);
  assert.equal(it.rooms.get("lobby").count, 700);
  tell({ joined: ["me", "new"], left: ["unknown"], count: 700 });
  assert.deepEqual(it.heard.slice(0, 2), [["user_joined", "lobby", "new", 700], ["user_left", "lobby", "unknown", 700]]);
});

test("a very large room, in which nobody is named, keeps its count and no names that may be gone", async () => {
  const it = await inLobby("ann");
  tell({ count: 1_500 });
  assert.deepEqual(picture(it), [[], 1_500]);
  assert.deepEqual(it.heard, [["presence", 1_500]]);
});

test("a new connection brings a new picture", async () => {
  const it = await inLobby("ann");
  FakeSocket.last.end(1012);
  assert.deepEqual(picture(it), [["ann", "me"], 2], "the last one, until then");
  await pass(1_000);
  FakeSocket.last.accept();
  enter(["bob", "me"]);
  assert.deepEqual(picture(it), [["bob", "me"], 2]);
  assert.deepEqual(it.heard, [], "it was not told who came and went");
});

test("a room that the server has put the client into is told of, and not joined again", async () => {
  const it = await inLobby();
  tell({ room: "given", joined: ["me", "bob"], count: 2 });
  assert.deepEqual(it.heard, [["user_joined", "given", "bob", 2], ["presence", 2]]);
  assert.deepEqual([...it.rooms.keys()], ["lobby"]);
});
