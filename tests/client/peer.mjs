// A client of another make: what it gets is kept until it is asked for.

import assert from "node:assert/strict";
import WebSocket from "ws";

const PATIENCE_MS = 10_000;

export class Peer {
  constructor(base, name) {
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
        setTimeout(look, left).unref();
      });
    }
  }

  /** Asks for a pong: what was sent before it to this client has arrived with it. */
  async settle() {
    this.send({ type: "ping", id: "settle" });
    await this.take("pong");
  }
}
