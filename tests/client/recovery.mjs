// Thousands of clients in rooms over two instances lose their link to Redis: it is killed with and without its data, cut off
// and frozen. There is one recovery each time, and its cost is bounded.
// Usage: node recovery.mjs BINARY CLIENTS SIZE[:FAULT]...: in rooms of so many each, one size after the other, by that fault
// or by all. Exits with 0 when everything held.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import WebSocket from "ws";
import { Instance, Redis, done, sleep, until } from "./fleet.mjs";

const CLIENTS = Number(process.argv[3]);
const RUNS = process.argv.slice(4).map((run) => run.split(":")).map(([size, fault]) => ({ size: Number(size), fault }));
const AT_ONCE = 50;

/** What was said last, by its text: all members of a room are told the same. */
const parsed = new Map();

function parse(data) {
  const text = data.toString();
  if (parsed.size > 10_000) parsed.clear();
  if (!parsed.has(text)) parsed.set(text, JSON.parse(text));
  return parsed.get(text);
}

/** A client that does what client.js does: it joins its room anew when it is told to. */
class Member {
  resyncs = 0;
  heard = 0;
  names = new Set();
  count = 0;

  static async connect(instance, at, size) {
    const [name, room] = [`client-${at}`, `room-${Math.floor(at / size)}`];
    const member = Object.assign(new Member(), { name, room, size });
    member.socket = new WebSocket(`ws://${instance.address}/ws/${name}`, { perMessageDeflate: false });
    await new Promise((joined) => {
      member.socket.on("message", (data) => member.#hear(parse(data), joined));
    });
    return member;
  }

  knowsAll() {
    return this.count === this.size && (this.size > 100 || this.names.size === this.size);
  }

  #hear(message, joined) {
    if (message.type === "welcome") this.#join();
    if (message.type === "resync") {
      this.resyncs += 1;
      this.#join();
    }
    if (message.type === "joined") {
      this.names = new Set(message.members);
      this.count = message.count;
      joined();
    }
    if (message.type === "presence") {
      message.joined.forEach((name) => this.names.add(name));
      message.left.forEach((name) => this.names.delete(name));
      this.count = message.count;
    }
    if (message.type === "notification") this.heard += 1;
  }

  #join() {
    this.socket.send(JSON.stringify({ type: "join_room", room: this.room }));
  }
}

/** What makes a Redis keep its data, in a folder of its own. */
function persistent() {
  const folder = mkdtempSync(join(tmpdir(), "rwx-recovery-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return ["--appendonly", "yes", "--dir", folder];
}

const faults = {
  "a cut": async ({ redis }) => redis.call("CLIENT", "KILL", "TYPE", "pubsub"),
  "a restart with its data": async ({ redis, withData }) => {
    await redis.signal("SIGKILL");
    await redis.start(...withData);
  },
  "a restart without": async ({ redis }) => {
    await redis.signal("SIGKILL");
    await redis.start();
  },
  "a freeze": async ({ redis }) => {
    await redis.signal("SIGSTOP");
    await sleep(5_000);
    await redis.signal("SIGCONT");
  },
};

function cpuSeconds(redis) {
  const used = redis.call("INFO", "cpu").match(/^used_cpu_(user|sys):([\d.]+)/gm);
  return used.reduce((sum, line) => sum + Number(line.split(":")[1]), 0);
}

/** How long until `look` holds, in ms. */
async function took(what, look, start) {
  await until(what, look, 60_000);
  return Math.round(performance.now() - start);
}

for (const { size, fault: only } of RUNS) {
  const [redis, withData] = [await Redis.reserve(), persistent()];
  await redis.start(...withData);
  const [a, b] = await Promise.all([Instance.start(redis), Instance.start(redis)]);
  await Promise.all([a.isUp(), b.isUp()]);
  const members = [];
  let next = 0;
  const come = async () => {
    while (next < CLIENTS) {
      const at = next++;
      members.push(await Member.connect([a, b][at % 2], at, size));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, come));
  const allKnow = async () => {
    try {
      await until("all know the truth", () => members.every((member) => member.knowsAll()), 30_000);
    } catch (error) {
      const wrong = members.filter((member) => !member.knowsAll());
      console.error(`${wrong.length} do not, as ${wrong.slice(0, 10).map(({ name, count, names }) => `${name}: ${count} of ${names.size}`)}`);
      throw error;
    }
  };
  await allKnow();

  for (const name of only ? [only] : Object.keys(faults)) {
    const before = members.map(({ resyncs }) => resyncs);
    const reconnects = await Promise.all([a, b].map((instance) => instance.metric("ws_bus_reconnects_total")));
    await faults[name]({ redis, withData });
    const start = performance.now();
    const cpu = cpuSeconds(redis);
    const probes = [0, 1].map((at) => members.find((member) => member.name === `client-${at}`));
    const heard = probes.map((probe) => probe.heard);
    const crosses = async () => {
      await Promise.all([b.tell("personal", probes[0].name, 1), a.tell("personal", probes[1].name, 1)]);
      await sleep(20);
      return probes.every((probe, at) => probe.heard > heard[at]);
    };
    // Each instance tells its own clients also without Redis, so the links come first.
    const isLinked = async (instance) => (await instance.metric("ws_bus_up")) === 1;
    const hasReconnected = async () =>
      (await Promise.all([a, b].map(async (instance, at) => (await instance.metric("ws_bus_reconnects_total")) > reconnects[at] && isLinked(instance)))).every(Boolean);
    const linked = await took("both are linked again", hasReconnected, start);
    const crossed = await took("messages cross again", crosses, start);
    const told = await took("all are told", () => members.every(({ resyncs }, at) => resyncs > before[at]), start);
    await allKnow();
    const knowing = Math.round(performance.now() - start);
    const ends = Math.max(knowing, 10_000);
    await sleep(start + ends - performance.now());
    const share = ((cpuSeconds(redis) - cpu) / (performance.now() - start)) * 100_000;
    console.error(
      `${CLIENTS / size} rooms of ${size}, ${name}: linked after ${linked}, across after ${crossed} ms, all told after ${told} ms, ` +
        `true after ${knowing} ms, Redis at ${share.toFixed(1)} % of a core`,
    );
    assert.ok(members.every(({ resyncs }, at) => resyncs === before[at] + 1), "each is told once");
    const after = await Promise.all([a, b].map((instance) => instance.metric("ws_bus_reconnects_total")));
    assert.deepEqual(after, reconnects.map((count) => count + 1), "one recovery");
    assert.ok(members.every((member) => member.knowsAll()), "they still know it");
    assert.ok(crossed < 3_000, "messages cross soon");
    assert.ok(knowing < 10_000, "the truth is known soon");
    assert.ok(share < 25, "Redis has time for others");
    assert.ok(members.every(({ socket }) => socket.readyState === socket.OPEN), "nobody was disconnected");
  }
  members.forEach(({ socket }) => socket.terminate());
  [a, b].forEach((instance) => instance.child.kill("SIGKILL"));
  await redis.signal("SIGKILL");
}

done();
