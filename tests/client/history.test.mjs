// Places in the history of rooms.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { FakeSocket, begin, connected, pass, settle } from "./fake.mjs";

beforeEach(begin);

async function inLobby() {
  const it = await connected();
  it.texts = [];
  it.gaps = [];
  it.on("message", ({ text }) => it.texts.push(text));
  it.on("gap", ({ room }) => it.gaps.push(room));
  it.join("lobby");
  enter("1-0");
  await settle();
  return it;
}

/** Answers a join, from which the room goes on at `seq`. */
function enter(seq, more) {
  const [{ id, since }] = FakeSocket.last.take("join_room");
  FakeSocket.last.say({ type: "joined", room: "lobby", members: ["me"], count: 1, seq, ...more, id });
  return since;
}

function say(text, seq) {
  FakeSocket.last.say({ type: "message", room: "lobby", from: "ann", text, history: { room: "lobby", seq } });
}

async function reconnect() {
  FakeSocket.last.end(1006);
  await pass(4_000); // longer than any of its first waits
  FakeSocket.last.accept();
  await settle();
}

test("a message that was seen is dropped, also where numbers and texts sort differently", async () => {
  const it = await inLobby();
  [["old", "1-0"], ["a", "9-9"], ["b", "9-10"], ["a", "9-9"], ["c", "10-0"], ["b", "9-10"], ["c", "10-0"]].forEach((said) => say(...said));
  FakeSocket.last.say({ type: "message", from: "ann", text: "without a place" });
  assert.deepEqual(it.texts, ["a", "b", "c", "without a place"]);
});

test("after a reconnection the room goes on after the last message that was seen", async () => {
  const it = await inLobby();
  say("a", "2-0");
  await reconnect();
  assert.equal(enter("2-0"), "2-0");
  ["b", "c"].forEach((text, at) => say(text, `${3 + at}-0`));
  assert.deepEqual([it.texts, it.gaps], [["a", "b", "c"], []]);
});

test("what comes live before the missed messages is taken with them, in order", async () => {
  const it = await inLobby();
  say("a", "2-0");
  FakeSocket.last.say({ type: "resync" });
  say("c", "4-0");
  assert.equal(enter("2-0"), "2-0");
  [["b", "3-0"], ["c", "4-0"], ["d", "5-0"]].forEach((said) => say(...said));
  assert.deepEqual(it.texts, ["a", "b", "c", "d"]);
});

test("a gap is told, and the room goes on from behind it", async () => {
  const it = await inLobby();
  say("a", "2-0");
  await reconnect();
  enter("8-0", { gap: true });
  say("b", "9-0");
  assert.deepEqual([it.texts, it.gaps], [["a", "b"], ["lobby"]]);
  await reconnect();
  assert.equal(enter("9-0"), "9-0");
});

test("a history that begins anew, at a lower place, is heard", async () => {
  const it = await inLobby();
  say("a", "8-0");
  await reconnect();
  enter("2-0", { gap: true });
  say("b", "3-0");
  assert.deepEqual([it.texts, it.gaps], [["a", "b"], ["lobby"]]);
});

test("a room that was left begins anew", async () => {
  const it = await inLobby();
  say("a", "2-0");
  it.leave("lobby");
  it.join("lobby");
  assert.equal(enter("5-0"), undefined);
  say("b", "6-0");
  assert.deepEqual(it.texts, ["a", "b"]);
});
