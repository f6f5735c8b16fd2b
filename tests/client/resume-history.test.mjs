// Rooms that come back by a token, with the messages that were missed.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { FakeSocket, begin, client, pass, settle } from "./fake.mjs";

beforeEach(begin);

test("a token is presented with the last places", async () => {
  const it = await client();
  const [texts, gaps] = [[], []];
  it.on("message", ({ text }) => texts.push(text));
  it.on("gap", ({ room }) => gaps.push(room));
  const say = (text, seq) => {
    FakeSocket.last.say({ type: "message", room: "lobby", from: "ann", text, history: { room: "lobby", seq } });
  };
  FakeSocket.last.accept({ resume: "token" });
  it.join("lobby");
  const [join] = FakeSocket.last.take("join_room");
  FakeSocket.last.say({ type: "joined", room: "lobby", members: ["me"], count: 1, seq: "1-0", id: join.id });
  say("a", "2-0");
  FakeSocket.last.end(1006);
  await pass(1_000);
  FakeSocket.last.accept();
  await settle();
  const [{ since, id }] = FakeSocket.last.take("resume");
  assert.deepEqual(since, { lobby: "2-0" });
  const lobby = { room: "lobby", members: ["me"], count: 1, seq: "7-0", gap: true };
  FakeSocket.last.say({ type: "resumed", rooms: [lobby], id });
  say("b", "8-0");
  assert.deepEqual([texts, gaps], [["a", "b"], ["lobby"]]);
});
