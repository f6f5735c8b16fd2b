// How a page in TypeScript uses the client. Compiled, never run; each line below an `@ts-expect-error` must not compile.

import { Client, type RequestError, type StateEvent } from "./client.js";

const client = new Client({ url: "/ws/ann", token: async () => "token", maxQueue: 10 });
const off = client.on("message", ({ room, from, text, id }) => console.log(room?.length, from.length, text.length, id));
client.on("joined", ({ members, count }) => console.log(members.join(), count.toFixed()));
client.on("left", ({ room, error }) => console.log(room, error?.code));
client.onState(({ state, delay }: StateEvent) => console.log(state === "waiting" && delay));
off();

const sent: boolean = client.send({ type: "message", room: "lobby", text: "hello" });
client.request({ type: "message", text: "hello" }, { timeout: 500 }).then(
  (answer) => answer.type === "message" && answer.text,
  ({ code, answer }: RequestError) => console.log(code, answer?.message),
);
client.join("lobby").then(() => client.leave("lobby"));
console.log(sent, client.rooms.has("lobby"), client.state);

// @ts-expect-error: a text is missing
client.send({ type: "message" });
// @ts-expect-error: no such message
client.on("massage", () => {});
// @ts-expect-error: no such option
new Client({ heartbeats: 1 });
// @ts-expect-error: only the client changes it
client.state = "open";
