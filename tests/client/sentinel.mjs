// Sentinels name the master of two instances: it is killed, and later another one takes over as planned. Both times the
// instances are linked to the new one soon after the sentinels name it, also with a sentinel away.
// Usage: node sentinel.mjs BINARY. Exits with 0 when everything held.

import assert from "node:assert/strict";
import { Instance, Sentinels, done, reaches, resyncs, until, within } from "./fleet.mjs";

const fleet = await Sentinels.start("open/ sesame@%");
const [a, b] = await Promise.all([Instance.start(fleet), Instance.start(fleet)]);
await Promise.all([a.isUp(), b.isUp()]);
const [ann, bob] = [await a.connect("ann", "lobby"), await b.connect("bob", "lobby")];
const peers = [ann, bob];
const areWhole = async () => (await a.tell("room-size-everywhere", "lobby")) === 2 && (await b.tell("room-size-everywhere", "lobby")) === 2;
const links = () => Promise.all([a, b].map((instance) => instance.metric("ws_bus_reconnects_total")));
const crosses = () => Promise.all([reaches(a, bob, "lobby"), reaches(b, ann, "lobby")]);
await crosses();
await until("all know of both", areWhole);

async function failover(what, fail) {
  const [old, before, told] = [fleet.master(), await links(), peers.map(resyncs)];
  await fail(old);
  await until("the sentinels name another master", () => fleet.master() !== old, 60_000);
  const areLinked = async () => (await links()).every((count, at) => count > before[at]);
  await within(3_000, `linked to the new master after ${what}`, () => until("both are linked anew", areLinked));
  await Promise.all([a.isUp(), b.isUp()]);
  await crosses();
  await until("all know of both again", areWhole);
  await until("clients are told", () => peers.every((peer, at) => resyncs(peer) > told[at]));
  return old;
}

const old = await failover("the end of the old one", (master) => master.signal("SIGKILL"));
// Sentinels make it a replica themselves, but only when all have been well for 8 s, which a busy machine can put off for good.
const secrets = ["--requirepass", fleet.password, "--masterauth", fleet.password];
await old.start(...secrets, "--replicaof", "127.0.0.1", String(fleet.master().port));
const isReplica = () => old.call("ROLE").startsWith("slave\n") && old.call("ROLE").includes("\nconnected\n");
await until("the old one is a replica", isReplica, 60_000);

await fleet.sentinels[0].signal("SIGKILL");
const accepts = () => fleet.sentinels[1].call("SENTINEL", "FAILOVER", "main").startsWith("OK");
await failover("a planned change", () => until("a sentinel accepts a planned change", accepts, 60_000));
assert.ok(peers.every((peer) => peer.socket.readyState === peer.socket.OPEN), "nobody was disconnected");

done();
