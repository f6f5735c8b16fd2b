// Ten thousand clients come, join, leave and go on two instances: nothing of them stays, neither there nor in Redis.
// Usage: node churn.mjs BINARY. Exits with 0 when everything held.

import assert from "node:assert/strict";
import { once } from "node:events";
import { Instance, done, until } from "./fleet.mjs";

const CLIENTS = 10_000;
const AT_ONCE = 20;

const { redis, a, b } = await Instance.pair();
let next = 0;
async function visit() {
  while (next < CLIENTS) {
    const at = next++;
    const peer = await [a, b][at % 2].connect(`client-${at}`, `room-${at % 500}`);
    // Half of them say good-bye to the room, half just go.
    if (at % 4 < 2) peer.send({ type: "leave_room", room: `room-${at % 500}` });
    const closed = once(peer.socket, "close");
    if (at % 3) peer.socket.close();
    else peer.socket.terminate();
    await closed;
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, visit));

for (const instance of [a, b]) {
  await until("all are gone", async () => (await instance.metric("ws_connections")) === 0);
  assert.equal(await instance.metric("ws_rooms"), 0);
  assert.equal(await instance.metric("ws_connections_accepted_total"), CLIENTS / 2);
}
const left = () => redis.channels().filter((channel) => !channel.includes(":instance:"));
await until("no channel is left but those of the instances", () => left().length === 0);
const keys = () => redis.call("KEYS", "*").split("\n").filter(Boolean);
await until("nobody is present", () => keys().every((key) => key.endsWith(":instances:alive")));
for (const instance of [a, b]) {
  const ended = once(instance.child, "exit");
  instance.child.kill("SIGTERM");
  assert.deepEqual(await ended, [0, null]);
}
await until("none is left at all", () => redis.channels().length === 0);
assert.deepEqual(keys(), []);

done();
