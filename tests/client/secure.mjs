// A Redis that is reached by TLS only, and with a password: two instances see each other through it.
// Usage: node secure.mjs BINARY. Exits with 0 when everything held.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Instance, Redis, done, reaches } from "./fleet.mjs";

const folder = mkdtempSync(join(tmpdir(), "rwx-tls-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=CA:FALSE"];
const files = ["-keyout", key, "-out", certificate, "-days", "1"];
execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...files, ...names], { stdio: "ignore" });

const redis = await Redis.reserve();
redis.access = ["--tls", "--cacert", certificate, "--no-auth-warning", "-a", "open sesame"];
const tls = ["--tls-cert-file", certificate, "--tls-key-file", key, "--tls-ca-cert-file", certificate];
const port = ["--port", "0", "--tls-port", String(redis.port), "--tls-auth-clients", "no"];
await redis.start(...port, ...tls, "--requirepass", "open sesame");

const url = `rediss://:open%20sesame@${redis.address}`;
const start = () => Instance.start({ url }, { SSL_CERT_FILE: certificate });
const [a, b] = await Promise.all([start(), start()]);
await Promise.all([a.isUp(), b.isUp()]);
const [ann, bob] = [await a.connect("ann", "lobby"), await b.connect("bob", "lobby")];
await reaches(a, bob, "lobby");
await reaches(b, ann, "lobby");

done();
