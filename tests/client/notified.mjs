// What the recipes of the manual send from a job and a handler reaches a client. Usage: node notified.mjs WS_URL

import assert from "node:assert/strict";
import { once } from "node:events";
import WebSocket from "ws";

const base = process.argv[2];
const socket = new WebSocket(`${base}/ann`);
const messages = [];
socket.on("message", (data) => messages.push(JSON.parse(data)));
await once(socket, "open");

async function notified() {
  while (true) {
    const found = messages.findIndex(({ type }) => type === "notification");
    if (found >= 0) return messages.splice(found, 1)[0].text;
    await once(socket, "message", { signal: AbortSignal.timeout(20_000) });
  }
}

const ship = (client) => fetch(new URL(`/ship/${client}`, base.replace("ws", "http")), { method: "POST" });
assert.equal(await (await ship("ann")).text(), "told on 1 connections of this instance\n");
assert.equal(await (await ship("nobody")).text(), "told on 0 connections of this instance\n");
assert.equal(await notified(), "your order is on its way");
socket.close();
console.log("all held");
