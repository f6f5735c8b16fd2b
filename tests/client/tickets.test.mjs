// Tickets, which a page gets for its token and which work once.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { FakeSocket, begin, client, pass } from "./fake.mjs";

beforeEach(begin);

test("a ticket is in the query, asked for at each attempt", async () => {
  let count = 0;
  await client({ url: "https://host.test/ws?from=here", ticket: async () => `t${(count += 1)}` });
  assert.deepEqual([FakeSocket.last.url, FakeSocket.last.protocols], ["wss://host.test/ws?from=here&ticket=t1", []]);
  FakeSocket.last.end(1006);
  await pass(1_000);
  assert.equal(FakeSocket.last.url, "wss://host.test/ws?from=here&ticket=t2");
});

test("a ticket that is refused three times ends it, in the words of who asked", async () => {
  const it = await client({ ticket: () => Promise.reject(new Error("sign in first")) });
  await pass(5_000);
  await pass(5_000);
  assert.deepEqual(it.states.at(-1), { state: "closed", code: 1006, reason: "sign in first" });
});
