// Three clients of another make talk to a running service: rooms, typed messages, personal messages.
// Usage: node talk.mjs BASE_URL, as in ws://127.0.0.1:3000/ws. Exits with 0 when everything held.

import assert from "node:assert/strict";
import { Peer } from "./peer.mjs";

const base = process.argv[2];

const [ann, bob, eve] = ["ann", "bob", "eve"].map((name) => new Peer(base, name));
for (const client of [ann, bob, eve]) {
  assert.equal((await client.take("welcome")).client_id, client.name);
}

ann.send({ type: "join_room", room: "lobby" });
await ann.take("joined");
bob.send({ type: "join_room", room: "lobby", id: 7 });
const joined = await bob.take("joined");
assert.deepEqual([joined.id, joined.room, joined.members], [7, "lobby", ["ann", "bob"]]);
while (!(await ann.take("presence")).joined.includes("bob"));

ann.send({ type: "message", room: "lobby", text: "hello" });
const heard = await bob.take("message");
assert.deepEqual([heard.from, heard.room, heard.text], ["ann", "lobby", "hello"]);
await eve.settle();
assert.deepEqual(eve.inbox, [], "a client outside of the room hears nothing");

// `/notify` is a route of the test's own that sends a personal message.
const answer = await fetch(`${base.replace("ws:", "http:").replace(/\/ws$/, "")}/notify/bob`, { method: "POST" });
assert.equal(answer.status, 200);
assert.equal((await bob.take("notification")).text, "for you");
await Promise.all([ann.settle(), eve.settle()]);
for (const other of [ann, eve]) {
  assert.equal(other.inbox.filter((message) => message.type === "notification").length, 0);
}

eve.socket.send("not json");
assert.equal((await eve.take("error")).code, "invalid_json");
[ann, bob, eve].forEach((client) => client.socket.close());
console.log("all held");
