// Three clients of another make talk to a running service: rooms, typed messages, personal messages.
// Usage: node talk.mjs BASE_URL, as in ws://127.0.0.1:3000/ws. Exits with 0 when everything held.

import assert from "node:assert/strict";
import WebSocket from "ws";

const base = process.argv[2];
const PATIENCE_MS = 10_000;

class Client {
  constructor(name) {
    this.name = name;
    this.inbox = [];
    this.waiting = [];
    this.socket = new WebSocket(`${base}/${name}`);
    this.socket.on("message", (data, isBinary) => {
      assert.equal(isBinary, false);
      this.inbox.push(JSON.parse(data));
      this.waiting.splice(0).forEach((look) => look());
    });
  }

  send(message) {
    this.socket.send(JSON.stringify(message));
  }

  /** The first message of `type`, taken out of the inbox. */
  async take(type) {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const at = this.inbox.findIndex((message) => message.type === type);
      if (at >= 0) return this.inbox.splice(at, 1)[0];
      const left = deadline - Date.now();
      assert.ok(left > 0, `${this.name} got no ${type}, only ${JSON.stringify(this.inbox)}`);
      await new Promise((look) => {
        this.waiting.push(look);
        setTimeout(look, left);
      });
    }
  }

  /** Asks for a pong: what was sent before it to this client has arrived with it. */
  async settle() {
    this.send({ type: "ping", id: "settle" });
    await this.take("pong");
  }
}

const [ann, bob, eve] = ["ann", "bob", "eve"].map((name) => new Client(name));
for (const client of [ann, bob, eve]) {
  assert.equal((await client.take("welcome")).client_id, client.name);
}

ann.send({ type: "join_room", room: "lobby" });
await ann.take("joined");
bob.send({ type: "join_room", room: "lobby", id: 7 });
const joined = await bob.take("joined");
assert.deepEqual([joined.id, joined.room, joined.members], [7, "lobby", ["ann", "bob"]]);
assert.equal((await ann.take("user_joined")).user_id, "bob");

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
