// Fifty tasks of two hundred connections each, which join, leave and go while one client broadcasts: nothing is left.
// Usage: node visits.mjs BASE_URL. Exits with 0 when everything held.

import assert from "node:assert/strict";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import WebSocket from "ws";

const [base] = process.argv.slice(2);
const TASKS = 50;
const ROUNDS = 200;

setTimeout(() => {
  console.error("not done in two minutes");
  process.exit(1);
}, 120_000).unref();

const open = async (name) => {
  const socket = new WebSocket(`${base}/${name}`, { perMessageDeflate: false });
  await once(socket, "message");
  return socket;
};

const until = (socket, type) =>
  new Promise((done) => socket.on("message", (data) => JSON.parse(data).type === type && done()));

async function comeAndGo(task) {
  for (let round = 0; round < ROUNDS; round += 1) {
    const socket = await open(`client-${task}`);
    const room = `room-${round % 7}`;
    const joined = until(socket, "joined");
    socket.send(JSON.stringify({ type: "join_room", room }));
    await joined;
    // Some leave the room, some say goodbye, some are just gone.
    if (round % 3 === 0) socket.send(JSON.stringify({ type: "leave_room", room }));
    if (round % 3 === 1) socket.close();
    else socket.terminate();
  }
}

const speaker = await open("speaker");
speaker.resume();
speaker.send(JSON.stringify({ type: "join_room", room: "room-0" }));
const talk = setInterval(() => speaker.send(JSON.stringify({ type: "message", room: "room-0", text: "to all" })), 5);
await Promise.all(Array.from({ length: TASKS }, (_, task) => comeAndGo(task)));
clearInterval(talk);
speaker.terminate();

const count = async (name) => {
  const text = await (await fetch(`${base.replace("ws:", "http:")}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\d+)$`, "m").exec(text)[1]);
};
while ((await count("ws_connections")) > 0) await sleep(50);
assert.equal(await count("ws_clients"), 0);
assert.equal(await count("ws_rooms"), 0);
assert.equal(await count("ws_connections_accepted_total"), TASKS * ROUNDS + 1);
console.log("all held");
