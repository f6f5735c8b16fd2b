// A page is reloaded: the others in its room hear nothing of it; they do when it does not come back.
// Usage: node reload.mjs BASE_URL, with WS_PRESENCE_GRACE=3. Exits with 0 when everything held.

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { Peer } from "./peer.mjs";

const base = process.argv[2];

async function enter(name) {
  const peer = new Peer(base, name);
  await peer.take("welcome");
  peer.send({ type: "join_room", room: "r" });
  await peer.take("joined");
  return peer;
}

const bob = await enter("bob");
let ann = await enter("ann");
while (!(await bob.take("presence")).joined.includes("ann"));
for (const leave of ["close", "terminate"]) {
  ann.socket[leave]();
  await sleep(200);
  ann = await enter("ann");
}
await sleep(4000);
assert.deepEqual(bob.inbox, [], "the room heard of a reload");
ann.socket.terminate();
const { joined, left, count } = await bob.take("presence");
assert.deepEqual([joined, left, count], [[], ["ann"], 1]);
bob.socket.close();
console.log("all held");
