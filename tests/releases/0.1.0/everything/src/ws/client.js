/**
 * The browser's side of the WebSocket layer: a connection that comes back by itself.
 *
 *     import { Client } from "/ws/client.js"; // or, with a bundler, from this file
 *
 *     const client = new Client();
 *     client.on("message", ({ room, from, text }) => console.log(room, from, text));
 *     client.join("lobby");
 *     client.send({ type: "message", room: "lobby", text: "hello" });
 *
 * What is sent while there is no connection waits for the next one. Where messages may have been
 * missed, the listeners of `resync` are called. `client.d.ts` describes every option and method.
 * Of a room, what was missed is sent again, each message once and in order; `gap` says where it is not.
 */

/** The close codes after which it connects again: those of `frame.rs`, and 1005, 1014 and 1015 from
    what stands between. Any other is final, as 4003 for a kick. */
const RECONNECT = new Set([1001, 1005, 1006, 1011, 1012, 1013, 1014, 1015, 4008, 4009, 4029]);

/** The key of those who listen to the state; no type of message is equal to it. */
const STATE = Symbol("state");

/** What the options are if they are not given: times in ms, the rate in messages a second. */
const DEFAULTS = {
  url: "/ws",
  timeout: 10_000,
  heartbeat: 25_000,
  baseDelay: 1_000,
  maxDelay: 30_000,
  maxQueue: 100,
  rate: 15, // both below the server's WS_RATE_LIMIT and WS_RATE_BURST
  burst: 30,
};

export class Client {
  state = "closed";
  rooms = new Set();
  #options;
  #socket = null;
  #attempt = null; // the one under way: what an earlier one brings is late
  #failures = 0; // in a row
  #openedAt = Infinity;
  #hasBeenOpen = false;
  #timer = null; // of the state it is in: to give up, to ping, or to try again
  #page = null; // ends listening to the page
  #queue = []; // what waits to be sent: { text, id?, joins? }
  #credit = 0; // how many messages may be sent right now
  #pacer; // gives the next credit
  #requests = new Map(); // id → { resolve, reject, timer }
  #nextId = 1;
  #rejoined; // settles with the last join of all rejoins under way
  #listeners = new Map();
  #token; // gets the rooms of this connection back, on the next one
  #isResuming = false;
  #left = new Set(); // rooms that were left, until the server has said so
  #seen = new Map(); // room → the place of its last message
  #awaited = new Set(); // rooms that will be sent again from there on: what comes before that is dropped

  constructor(options = {}) {
    this.#options = { ...DEFAULTS, ...options };
    this.connect();
  }

  connect() {
    if (this.state !== "closed") return;
    this.#failures = 0;
    this.#watchPage();
    this.#open();
  }

  close() {
    if (this.state !== "closed") this.#finish(1000, "closed by this client");
  }

  on(type, listener) {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  onState(listener) {
    return this.on(STATE, listener);
  }

  send(message) {
    const isTaken = this.state !== "closed" && this.#queue.length < this.#options.maxQueue;
    if (isTaken) this.#queue.push({ text: JSON.stringify(message) });
    this.#pump();
    return isTaken;
  }

  request(message, { timeout } = {}) {
    return this.#ask(message, { timeout });
  }

  join(room) {
    this.rooms.add(room);
    this.#left.delete(room);
    return this.#join(room);
  }

  leave(room) {
    this.rooms.delete(room);
    const join = this.#queue.find(({ joins }) => joins === room);
    if (join) this.#fail(join.id, "left", "the room was left");
    this.#forget(room);
    this.#left.add(room);
    if (this.state === "open") return this.request({ type: "leave_room", room });
    return Promise.resolve({ type: "left", room });
  }

  // The life of a connection: connecting → open → waiting → connecting …, or closed.

  async #open() {
    const attempt = (this.#attempt = Symbol());
    this.#after(this.#options.timeout, () => this.#lose(1006, "the server does not answer"));
    this.#become("connecting");
    try {
      const [url, protocols] = await this.#address();
      if (attempt !== this.#attempt) return;
      const socket = (this.#socket = new WebSocket(url, protocols));
      socket.onopen = () => this.#opened();
      socket.onmessage = ({ data }) => this.#received(data);
      socket.onclose = ({ code, reason }) => this.#lose(code, reason);
    } catch (error) {
      if (attempt === this.#attempt) this.#lose(1006, error.message);
    }
  }

  /** Where to connect, with credentials that are asked for each time: they expire. */
  async #address() {
    const { url, token, ticket } = this.#options;
    const address = new URL(url, globalThis.location?.href);
    address.protocol = address.protocol.replace("http", "ws");
    if (ticket) address.searchParams.set("ticket", await ticket());
    return [address.href, token ? ["ws.v1", `bearer.${await token()}`] : []];
  }

  #opened() {
    this.#openedAt = Date.now();
    this.#credit = this.#options.burst;
    this.#listen();
    this.state = "open";
    this.#rejoin(this.#token);
    this.#become("open"); // after the joins, for a listener may send to a room
  }

  /** The connection has ended or did not come about. */
  #lose(code, reason) {
    if (!RECONNECT.has(code)) return this.#finish(code, reason);
    this.#detach();
    const { baseDelay, maxDelay } = this.#options;
    if (Date.now() - this.#openedAt > maxDelay) this.#failures = 0; // it had been a good one
    this.#openedAt = Infinity;
    // Anywhere from 0 to the longest wait, so that the clients of a server that restarts spread.
    const delay = Math.random() * Math.min(maxDelay, baseDelay * 2 ** this.#failures);
    this.#failures += 1;
    this.#after(delay, () => this.#open());
    this.#become("waiting", { code, reason, delay });
  }

  #finish(code, reason) {
    this.#page.abort();
    this.#queue = [];
    this.#detach();
    this.#become("closed", { code, reason });
  }

  /** Lets the socket go without waiting for its goodbye, which takes long if nobody is there. */
  #detach() {
    this.#attempt = null;
    clearTimeout(this.#timer);
    this.#pacer = clearTimeout(this.#pacer);
    if (this.#socket) {
      Object.assign(this.#socket, { onopen: null, onmessage: null, onclose: null }).close(1000);
      this.#socket = null;
    }
    const unsent = new Set(this.#queue.map(({ id }) => id));
    for (const id of [...this.#requests.keys()].filter((id) => !unsent.has(id))) {
      this.#fail(id, "disconnected", "the connection ended before the answer");
    }
  }

  #become(state, details = {}) {
    this.state = state;
    this.#emit(STATE, { state, ...details });
  }

  #after(delay, what) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(what, delay);
  }

  /** A page that is back, or on line again, does not wait; one that went off line finds out soon. */
  #watchPage() {
    this.#page = new AbortController();
    const { signal } = this.#page;
    const hurry = () => (this.state === "waiting" ? this.#open() : this.#ping());
    const { addEventListener, document } = globalThis;
    addEventListener?.("online", hurry, { signal });
    addEventListener?.("offline", () => this.#ping(), { signal });
    document?.addEventListener("visibilitychange", () => document.hidden || hurry(), { signal });
  }

  #received(data) {
    this.#listen();
    this.#hear(JSON.parse(data));
  }

  #hear(message) {
    const { id, type } = message;
    if (message.history && !this.#isNew(message.history)) return;
    if (type === "joined") this.#entered(message);
    if (type === "left") this.#forget(message.room);
    if (type === "welcome") this.#token = message.resume;
    if (type === "left") this.#left.delete(message.room);
    if (this.#requests.has(id) && type === "error") this.#fail(id, message.code, message.message, message);
    else this.#settle(id)?.resolve(message);
    if (type === "resync") this.#rejoin();
    else if (type === "resumed") message.rooms.forEach((room) => this.#hear({ type: "joined", ...room }));
    else this.#emit(type, message);
  }

  /** A silent server is asked for a pong; a page cannot see the pings of the protocol. */
  #listen() {
    this.#after(this.#options.heartbeat, () => this.#ping());
  }

  #ping() {
    if (this.state !== "open") return;
    this.#after(this.#options.timeout, () => this.#lose(4009, "the server is silent"));
    this.#transmit(JSON.stringify({ type: "ping" }));
  }

  #emit(type, event) {
    for (const listener of [...(this.#listeners.get(type) ?? [])]) {
      try {
        listener(event);
      } catch (error) {
        queueMicrotask(() => { throw error; }); // reported, and the others still hear
      }
    }
  }

  // Rooms: those that are joined stay so over connections, unless the server refuses.

  /** Joins rooms anew, which also tells who is in them now; then it is time to catch up. */
  async #rejoin(token) {
    const isResync = this.#hasBeenOpen;
    this.#hasBeenOpen = true;
    const attempt = this.#attempt;
    const isIn = token ? await this.#resume(token) : new Set();
    if (attempt !== this.#attempt) return;
    const queued = new Set(this.#queue.map(({ joins }) => joins));
    const rooms = [...this.rooms].filter((room) => !queued.has(room) && !isIn.has(room));
    const joined = rooms.map((room) => this.#join(room, { isUrgent: true }));
    this.#pump(); // not before: what waits may be for these rooms
    const rejoined = (this.#rejoined = Promise.allSettled([this.#rejoined, ...joined]));
    await rejoined;
    if (rejoined !== this.#rejoined) return; // one that was asked for meanwhile tells
    if (isResync && this.state === "open") this.#emit("resync", { type: "resync" });
  }

  /** Asks for the rooms of the connection that was lost, before all else; says which it is in again. */
  async #resume(token) {
    this.#isResuming = true;
    const since = Object.fromEntries(this.#seen);
    const answer = this.#ask({ type: "resume", token, since }, { isUrgent: true });
    this.#transmit(this.#queue.shift().text);
    const answered = await answer.catch(({ answer }) => answer && { rooms: [] });
    this.#isResuming = false;
    const isIn = new Set(answered?.rooms.map(({ room }) => room));
    // Without an answer the next connection may get back what was left.
    for (const room of answered ? [...this.#left] : []) {
      if (isIn.has(room)) this.leave(room);
      else this.#left.delete(room);
    }
    return isIn;
  }

  /** Whether a message with a place was not seen before, nor will be sent again. */
  #isNew({ room, seq }) {
    if (this.#awaited.has(room) || !isAfter(seq, this.#seen.get(room))) return false;
    this.#seen.set(room, seq);
    return true;
  }

  /** A room goes on from a place: the one that was asked for, unless there is a gap. */
  #entered({ room, seq, gap }) {
    this.#awaited.delete(room);
    if (seq && (gap || isAfter(seq, this.#seen.get(room)))) this.#seen.set(room, seq);
    if (gap) this.#emit("gap", { type: "gap", room });
  }

  #forget(room) {
    this.#seen.delete(room);
    this.#awaited.delete(room);
  }

  #join(room, { isUrgent = false } = {}) {
    const since = this.#seen.get(room);
    if (since) this.#awaited.add(room);
    const joined = this.#ask({ type: "join_room", room, since }, { joins: room, isUrgent });
    joined.catch(({ answer }) => {
      if (answer) this.#forget(room);
      if (answer && this.rooms.delete(room)) this.#emit("left", { type: "left", room, error: answer });
    });
    return joined;
  }

  // What goes out, no faster than the server allows.

  #pump() {
    while (this.state === "open" && !this.#isResuming && this.#queue.length > 0 && this.#credit >= 1) {
      this.#transmit(this.#queue.shift().text);
    }
  }

  #transmit(text) {
    this.#socket.send(text);
    this.#credit -= 1;
    this.#pace();
  }

  #pace() {
    this.#pacer ??= setTimeout(() => {
      this.#pacer = undefined;
      this.#credit += 1;
      this.#pump();
      if (this.#credit < this.#options.burst) this.#pace();
    }, 1_000 / this.#options.rate);
  }

  #ask(message, { timeout = this.#options.timeout, joins, isUrgent = false }) {
    const id = this.#nextId++;
    const answer = new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#fail(id, "timeout", "no answer in time"), timeout);
      this.#requests.set(id, { resolve, reject, timer });
    });
    answer.catch(() => {}); // a caller may leave it alone
    const entry = { id, joins, text: JSON.stringify({ ...message, id }) };
    if (this.state === "closed") this.#fail(id, "closed", "the connection is closed");
    else if (isUrgent) this.#queue.unshift(entry);
    else if (this.#queue.length < this.#options.maxQueue) this.#queue.push(entry);
    else this.#fail(id, "queue_full", "too many messages wait");
    if (!isUrgent) this.#pump();
    return answer;
  }

  /** Takes a request off the books, for its answer or its failure. */
  #settle(id) {
    const request = this.#requests.get(id);
    this.#requests.delete(id);
    clearTimeout(request?.timer);
    return request;
  }

  #fail(id, code, message, answer) {
    this.#queue = this.#queue.filter((entry) => entry.id !== id); // what failed is not sent later
    this.#settle(id).reject(Object.assign(new Error(message), { code, answer }));
  }
}

/** Whether a place in a room comes after another, which may be unknown. */
function isAfter(seq, other) {
  if (!other) return true;
  const [[ms, number], [otherMs, otherNumber]] = [seq, other].map((place) => place.split("-").map(Number));
  return ms > otherMs || (ms === otherMs && number > otherNumber);
}
