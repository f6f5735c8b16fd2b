// What client.js meets in a test instead of a browser: a clock that stands, sockets that do as told, a page.
// CLIENT_JS names the rendered client.

import { mock } from "node:test";
import { pathToFileURL } from "node:url";

export const { Client } = await import(pathToFileURL(process.env.CLIENT_JS));

/** The server's end is in the test's hand. */
export class FakeSocket {
  static all = [];
  sent = [];

  constructor(url, protocols) {
    if (!/^wss?:$/.test(new URL(url).protocol)) throw new SyntaxError("The URL's scheme must be 'ws' or 'wss'.");
    const wrong = protocols.find((protocol) => /[^\w!#$%&'*+.^`|~-]/.test(protocol));
    if (wrong) throw new SyntaxError(`The subprotocol '${wrong}' is invalid.`);
    Object.assign(this, { url, protocols });
    FakeSocket.all.push(this);
  }

  static get last() {
    return FakeSocket.all.at(-1);
  }

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close(code) {
    this.closedWith = code;
  }

  accept(more) {
    this.onopen?.();
    this.say({ type: "welcome", client_id: "me", connection_id: "c1", max_message_bytes: 65_536, ...more });
  }

  say(message) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  end(code, reason = "") {
    this.onclose?.({ code, reason });
  }

  /** Takes what was sent of a type. */
  take(type) {
    const taken = this.sent.filter((message) => message.type === type);
    this.sent = this.sent.filter((message) => message.type !== type);
    return taken;
  }

  /** Answers every join that was asked for. */
  letIn() {
    const joins = this.take("join_room");
    joins.forEach(({ room, id }) => this.say({ type: "joined", room, members: ["me"], count: 1, id }));
    return joins.map(({ room }) => room);
  }
}

/** A world of its own for one test. */
export function begin() {
  mock.timers.reset();
  mock.restoreAll();
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"] });
  FakeSocket.all = [];
  globalThis.WebSocket = FakeSocket;
  const page = new EventTarget();
  globalThis.addEventListener = page.addEventListener.bind(page);
  globalThis.document = Object.assign(new EventTarget(), { hidden: false });
  setOnline(true);
  return page;
}

export function setOnline(onLine) {
  Object.defineProperty(globalThis, "navigator", { value: { onLine }, configurable: true });
}

/** Lets promises settle. */
export const settle = () => new Promise((resolve) => setImmediate(resolve));

export async function pass(milliseconds) {
  mock.timers.tick(milliseconds);
  await settle();
}

/** As `pass`, for timers that set timers: those of one tick count from its end. */
export function crawl(milliseconds) {
  for (let passed = 0; passed < milliseconds; passed += 10) mock.timers.tick(10);
}

/** A client with its last state and the messages that it has heard. */
export async function client(options = {}) {
  const client = new Client({ url: "http://host.test/ws", ...options });
  client.states = [];
  client.onState((event) => client.states.push(event));
  await settle();
  return client;
}

export async function connected(options) {
  const made = await client(options);
  FakeSocket.last.accept();
  await settle();
  return made;
}

/** The code with which a promise is rejected. */
export const code = (promise) => promise.then(() => "no error", (error) => error.code);
