// How a page in TypeScript uses the client. Compiled, never run; each line below an `@ts-expect-error` must not compile.

import { Client, type RequestError, type Room, type StateEvent } from "./client.js";

const client = new Client({ url: "/ws/ann", token: async () => "token", maxQueue: 10 });
const off = client.on("message", ({ room, from, text, id }) => console.log(room.length, from.length, text.length, id));
client.on("welcome", ({ client_id, connection_id, max_message_bytes }) => {
  console.log(client_id.length, connection_id.length, max_message_bytes.toFixed());
});
client.on("joined", ({ members, count }) => console.log(members.join(), count.toFixed()));
client.on("left", ({ room, error }) => console.log(room, error?.code));
client.on("presence", ({ joined, left, count }) => console.log(joined.join(), left.join(), count.toFixed()));
client.on("user_joined", ({ room, user_id, count }) => console.log(room, user_id.length, count.toFixed()));
client.on("error", ({ code, message, id }) => console.log(code === "rate_limited", message, id?.toFixed()));
client.onState(({ state, delay }: StateEvent) => console.log(state === "waiting" && delay));
off();

const sent: boolean = client.send({ type: "message", room: "lobby", text: "hello" });
client.request({ type: "message", room: "lobby", text: "hello" }, { timeout: 500 }).then(
  (answer) => answer.type === "message" && answer.text,
  ({ code, answer }: RequestError) => console.log(code, answer?.message),
);
client.join("lobby").then(() => client.leave("lobby"));
const lobby: Room | undefined = client.rooms.get("lobby");
console.log(sent, lobby?.members.has("ann"), lobby?.count, client.state, client.clientId?.length);

// @ts-expect-error: a text is missing
client.send({ type: "message", room: "lobby" });
// @ts-expect-error: a room is missing
client.send({ type: "message", text: "hello" });
// @ts-expect-error: no such message
client.on("massage", () => {});
// @ts-expect-error: no such option
new Client({ heartbeats: 1 });
// @ts-expect-error: only the client changes it
client.state = "open";
// @ts-expect-error: only the client changes them
client.rooms.set("lobby", { members: new Set(), count: 0 });
// @ts-expect-error: only a request has an answer
client.send({ type: "ping" }).then();
