// Three instances are restarted one after the other while 300 clients talk: with a history, every client gets every
// message of its room once, in the order that all have.
// Usage: node rolling.mjs BINARY. Exits with 0 when everything held.

import assert from "node:assert/strict";
import { once } from "node:events";
import WebSocket from "ws";
import { Instance, Redis, done, sleep, until } from "./fleet.mjs";

const [CLIENTS, ROOMS, PAUSE_MS] = [300, 6, 10];
const env = { WS_HISTORY: "10000", WS_DRAIN_SECONDS: "1", WS_RESUME_TTL: "60" };
const redis = await Redis.start();
const instances = await Promise.all([0, 1, 2].map(() => Instance.start(redis, env)));
await Promise.all(instances.map((instance) => instance.isUp()));

/** A socket to any of the instances, also to one that is not there. */
globalThis.WebSocket = class extends WebSocket {
  constructor(url, protocols) {
    const { address } = instances[Math.floor(Math.random() * instances.length)];
    super(url.replace("service.test", address), protocols);
    this.on("error", () => {}); // `onclose` is called, too
  }
};
const code = await (await fetch(`http://${instances[0].address}/ws/client.js`)).text();
const { Client } = await import(`data:text/javascript,${encodeURIComponent(code)}`);

let [connections, resumed, gaps] = [0, 0, 0];
const clients = [];
for (let at = 0; at < CLIENTS; at += 1) {
  const client = new Client({ url: `http://service.test/ws/client-${at}`, baseDelay: 300, maxDelay: 1_000 });
  const heard = [];
  client.on("message", ({ text }) => heard.push(text));
  client.on("welcome", () => (connections += 1));
  client.on("joined", ({ id }) => (resumed += id === undefined)); // it is no answer to a join
  client.on("gap", () => (gaps += 1));
  clients.push({ client, heard, room: `room-${at % ROOMS}` });
}
await Promise.all(clients.map(({ client, room }) => client.join(room)));

const sent = Array.from({ length: ROOMS }, () => []);
let [next, unsure, waiting] = [0, 0, 0];
const talking = setInterval(() => {
  const { client, room } = clients[next % CLIENTS];
  const text = String(next);
  next += 1;
  waiting += 1;
  const taken = client.request({ type: "message", room, text });
  taken.then(() => sent[Number(room.at(-1))].push(text), () => (unsure += 1)).finally(() => (waiting -= 1));
}, PAUSE_MS);

await sleep(1_000);
for (const instance of instances) {
  const { address, child } = instance;
  child.kill("SIGTERM");
  await once(child, "exit");
  await sleep(500);
  Object.assign(instance, await Instance.start(redis, { ...env, PORT: address.split(":")[1] }));
  await instance.isUp();
  await sleep(500);
}
clearInterval(talking);

await until("every message is answered for", () => waiting === 0);
const missing = () =>
  clients.flatMap(({ heard, room }) => {
    const all = new Set(heard);
    return sent[Number(room.at(-1))].filter((text) => !all.has(text));
  });
const deadline = Date.now() + 20_000;
while (missing().length > 0 && Date.now() < deadline) await sleep(100);
await sleep(500); // what comes twice may come late

const total = clients.reduce((sum, { heard }) => sum + heard.length, 0);
const doubled = clients.reduce((sum, { heard }) => sum + heard.length - new Set(heard).size, 0);
const count = sent.flat().length;
console.error(`${count} messages, ${unsure} more that may have gone out, ${total} deliveries, ${connections} connections, ${resumed} by token`);
console.error(`${missing().length} lost, ${doubled} doubled, ${gaps} gaps`);
assert.deepEqual([missing().length, doubled, gaps], [0, 0, 0]);
assert.ok(count > 100 && connections > CLIENTS * 1.5 && resumed > 0, "there was load, and there were restarts");
for (const { heard, room } of clients) {
  const first = clients.find((other) => other.room === room);
  assert.deepEqual(heard, first.heard, "all have the same order");
}

done();
