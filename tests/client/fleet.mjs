// What a test with several instances is made of: Redis servers and instances of the service, all ended with the test.

import assert from "node:assert/strict";
import { spawn, execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Peer } from "./peer.mjs";

const [binary] = process.argv.slice(2);
const children = new Set();
process.on("exit", () => children.forEach((child) => child.kill("SIGKILL")));

function start(program, args, env = {}) {
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "inherit"] });
  children.add(child);
  child.on("exit", () => children.delete(child));
  return child;
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

/** A folder that is gone after the test. */
function scratch() {
  const folder = mkdtempSync(join(tmpdir(), "rwx-fleet-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Waits until `look` gives something true, and says what it gave. */
export async function until(what, look, patience = 20_000) {
  const deadline = Date.now() + patience;
  for (;;) {
    const found = await look();
    if (found) return found;
    assert.ok(Date.now() < deadline, `not in ${patience} ms: ${what}`);
    await sleep(10);
  }
}

/** How long `work` takes, in ms; it must be less than `limit`. */
export async function within(limit, what, work) {
  const start = performance.now();
  await work();
  const took = Math.round(performance.now() - start);
  console.error(`${what}: ${took} ms`);
  assert.ok(took < limit, `${what}: ${took} ms, not less than ${limit}`);
}

export class Redis {
  access = []; // what redis-cli needs to be let in

  /** A port for a Redis that is not there yet. */
  static async reserve() {
    return Object.assign(new Redis(), { port: await freePort(), folder: scratch() });
  }

  static async start() {
    const redis = await Redis.reserve();
    await redis.start();
    return redis;
  }

  get address() {
    return `127.0.0.1:${this.port}`;
  }

  get url() {
    return `redis://${this.address}`;
  }

  async start(...args) {
    const quiet = ["--save", "", "--loglevel", "warning", "--bind", "127.0.0.1", "--dir", this.folder];
    this.child = start("redis-server", ["--port", String(this.port), ...quiet, ...args]);
    this.child.stdout.resume();
    await until("redis answers", () => this.answers());
  }

  answers() {
    try {
      return this.call("PING") === "PONG";
    } catch {
      return false;
    }
  }

  /** What Redis answers to a command; `input` is its last argument, if there is one. */
  call(...command) {
    return this.#cli(command);
  }

  publish(channel, bytes) {
    return this.#cli(["-x", "PUBLISH", channel], bytes);
  }

  #cli(args, input) {
    const all = ["-p", String(this.port), ...this.access, ...args];
    return execFileSync("redis-cli", all, { input, stdio: ["pipe", "pipe", "ignore"], timeout: 20_000 }).toString().trim();
  }

  channels(pattern = "*") {
    return this.call("PUBSUB", "CHANNELS", pattern).split("\n").filter(Boolean);
  }

  async signal(signal) {
    this.child.kill(signal);
    if (signal === "SIGKILL") await once(this.child, "exit");
  }
}

/** A way to a Redis on which what asks for channels can be held up. */
export class Detour {
  #held = null;

  static async to(redis) {
    const detour = new Detour();
    const server = createServer((client) => detour.#lead(client, createConnection(redis.port, "127.0.0.1")));
    await once(server.listen(0, "127.0.0.1"), "listening");
    detour.url = `redis://127.0.0.1:${server.address().port}`;
    return detour;
  }

  hold() {
    this.#held = [];
  }

  release() {
    this.#held.forEach((pass) => pass());
    this.#held = null;
  }

  #lead(client, redis) {
    let isSubscriber = false;
    client.on("data", (data) => {
      isSubscriber ||= data.includes("SUBSCRIBE");
      if (isSubscriber && this.#held) this.#held.push(() => redis.write(data));
      else redis.write(data);
    });
    redis.pipe(client);
    client.on("close", () => redis.destroy()).on("error", () => {});
    redis.on("error", () => {});
  }
}

/** Three masters that share the slots. */
export class Cluster {
  static async start() {
    const cluster = new Cluster();
    cluster.nodes = await Promise.all([0, 1, 2].map(() => Redis.reserve()));
    for (const node of cluster.nodes) {
      node.restart = () => node.start("--cluster-enabled", "yes", "--cluster-node-timeout", "2000");
      await node.restart();
    }
    cluster.#manage("create", ...cluster.nodes.map((node) => node.address));
    const knowsAll = (node) => node.call("CLUSTER", "INFO").includes("cluster_state:ok");
    await until("the cluster is one", () => cluster.nodes.every(knowsAll));
    return cluster;
  }

  /** Moves slots from the first node to the second. */
  async reshard(slots) {
    const [from, to] = this.nodes.map((node) => node.call("CLUSTER", "MYID"));
    const move = ["--cluster-from", from, "--cluster-to", to, "--cluster-slots", String(slots)];
    const args = ["--cluster", "reshard", this.nodes[0].address, ...move, "--cluster-yes"];
    const [code] = await once(start("redis-cli", args).on("spawn", function () { this.stdout.resume(); }), "exit");
    assert.equal(code, 0);
  }

  #manage(...args) {
    execFileSync("redis-cli", ["--cluster", ...args, "--cluster-yes"], { stdio: "ignore", timeout: 60_000 });
  }
}

/** A master, a replica of it, and three sentinels that watch both. */
export class Sentinels {
  static async start(password) {
    const fleet = Object.assign(new Sentinels(), { password });
    const [master, replica] = await Promise.all([Redis.reserve(), Redis.reserve()]);
    fleet.nodes = [master, replica];
    const secrets = ["--requirepass", password, "--masterauth", password];
    for (const node of fleet.nodes) node.access = ["--no-auth-warning", "-a", password];
    await master.start(...secrets);
    await replica.start(...secrets, "--replicaof", "127.0.0.1", String(master.port));
    fleet.sentinels = await Promise.all([0, 1, 2].map(() => fleet.#watch(master)));
    const isComplete = (sentinel) => /slaves=1,sentinels=3/.test(sentinel.call("INFO", "sentinel"));
    await until("all sentinels know all", () => fleet.sentinels.every(isComplete));
    return fleet;
  }

  get url() {
    const secret = encodeURIComponent(this.password);
    const addresses = this.sentinels.map(({ address }) => address);
    return `redis+sentinel://:${secret}@${addresses}/main/0?sentinel_password=${secret}`;
  }

  /** The master, as a sentinel names it. */
  master() {
    const [, port] = this.sentinels.at(-1).call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "main").split("\n");
    return this.nodes.find((node) => node.port === Number(port));
  }

  async #watch(master) {
    const sentinel = await Redis.reserve();
    sentinel.access = ["--no-auth-warning", "-a", this.password];
    const config = join(sentinel.folder, "sentinel.conf");
    const secret = JSON.stringify(this.password);
    const lines = [
      `port ${sentinel.port}`, "bind 127.0.0.1", `dir ${sentinel.folder}`, `requirepass ${secret}`,
      `sentinel monitor main 127.0.0.1 ${master.port} 2`, `sentinel auth-pass main ${secret}`,
      "sentinel down-after-milliseconds main 1000", "sentinel failover-timeout main 5000",
    ];
    writeFileSync(config, lines.join("\n"));
    sentinel.child = start("redis-server", [config, "--sentinel"]);
    sentinel.child.stdout.resume();
    await until("a sentinel answers", () => sentinel.answers());
    return sentinel;
  }
}

export class Instance {
  log = []; // what it has said, without colours

  static async start(redis, env = {}, program = binary) {
    const limits = { WS_MAX_CONNECTIONS_PER_IP: "20000", WS_MAX_CONNECTIONS: "20000", WS_RATE_LIMIT: "0", WS_AUTH: "none", WS_QUEUE_MESSAGES: "20000", WS_QUEUE_BYTES: "100000000" };
    const here = { PORT: "0", HOST: "127.0.0.1", WS_REDIS_URL: redis.url };
    const instance = new Instance();
    instance.child = start(program, [], { ...limits, ...here, ...env });
    const lines = createInterface({ input: instance.child.stdout });
    const [, address] = await new Promise((found) => {
      lines.on("line", (line) => {
        if (process.env.SHOW_LOGS) console.error(line);
        instance.log.push(line.replaceAll(/\x1b\[[0-9;]*m/g, ""));
        const match = line.match(/http:\/\/([\d.:]+)/);
        if (match) found(match);
      });
    });
    instance.address = address;
    return instance;
  }

  /** Two instances that see each other, and their Redis. */
  static async pair(env) {
    const redis = await Redis.start();
    const [a, b] = await Promise.all([Instance.start(redis, env), Instance.start(redis, env)]);
    await Promise.all([a.isUp(), b.isUp()]);
    return { redis, a, b };
  }

  /** A client that is welcomed and, if rooms are named, in them. */
  async connect(name, ...rooms) {
    const peer = new Peer(`ws://${this.address}/ws`, name);
    peer.welcome = await peer.take("welcome");
    for (const room of rooms) {
      peer.send({ type: "join_room", room });
      await peer.take("joined");
    }
    await peer.settle();
    return peer;
  }

  /** Has the service do something by itself; says what it counted. */
  async tell(verb, one, two = "-") {
    const answer = await fetch(`http://${this.address}/do/${verb}/${one}/${two}`, { method: "POST" });
    assert.equal(answer.status, 200);
    return Number(await answer.text());
  }

  /** The number of a metric. */
  async metric(name) {
    const text = await (await fetch(`http://${this.address}/ws/metrics`)).text();
    return Number(text.match(new RegExp(`^${name} (\\d+)$`, "m"))[1]);
  }

  isUp() {
    return until("the bus is up", async () => (await this.metric("ws_bus_up")) === 1);
  }

  isDown() {
    return until("the bus is down", async () => (await this.metric("ws_bus_up")) === 0);
  }
}

/** The numbers of the notifications that a client has got. */
export function numbers(peer, from) {
  const all = peer.inbox.filter(({ type }) => type === "notification");
  return all.filter((message) => from === undefined || message.from === from).map(({ number }) => number);
}

export function resyncs(peer) {
  return peer.inbox.filter(({ type }) => type === "resync").length;
}

/** Has an instance send to a room until a client in it hears that. */
export async function reaches(instance, peer, room) {
  const from = instance.child.pid;
  const before = numbers(peer, from).length;
  await until(`${peer.name} hears process ${from}`, async () => {
    await instance.tell("publish", room, 1);
    await sleep(10);
    return numbers(peer, from).length > before;
  });
}

export function done() {
  console.log("all held");
  process.exit(0);
}
