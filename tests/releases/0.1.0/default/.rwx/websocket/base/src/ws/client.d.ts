/** Types of `client.js`. Yours to change with `messages.rs`: both name the same messages. */

/** What a page may say, besides the joining and leaving of rooms. */
export interface ClientMessages {
  /** Says something to a room that the client is in or, without a room, to everyone. */
  message: { room?: string; text: string };
  ping: {};
}

/** What the server says, by `type`. */
export interface ServerMessages {
  /** The first message on every connection. */
  welcome: { client_id: string; connection_id: string; resume?: string };
  /** The client is in a room, also after each reconnection. `members` has at most a thousand names. */
  joined: { room: string; members: string[]; count: number };
  /** The client is not in a room any more; `error` says why if that was not its wish. */
  left: { room: string; error?: ServerError };
  message: { room?: string; from: string; text: string };
  user_joined: { room: string; user_id: string };
  user_left: { room: string; user_id: string };
  notification: { [field: string]: unknown };
  error: { code: string; message: string };
  pong: {};
  /** Messages may have been missed: the rooms are joined anew, so fetch again what the page shows. */
  resync: {};
}

export type ClientMessage = Typed<ClientMessages>;
export type ServerMessage = Typed<ServerMessages> & Id;
export type ServerError = { type: "error"; code: string; message: string };

/** Why a request has no answer. */
export interface RequestError extends Error {
  /**
   * The server's own code, or `timeout`, `disconnected` (it may or may not have been done), `closed`,
   * `queue_full`, or `left` for a join that was taken back.
   */
  code: string;
  /** What the server said, if it refused. */
  answer?: ServerError;
}

export interface Options {
  /** Where the server is: a path or a URL. `/ws/NAME` gives a name where `WS_AUTH` is `none`. */
  url?: string;
  /**
   * Gets the token (`WS_AUTH=bearer`) before each attempt to connect. It travels in a header that
   * takes letters, digits and `-._~`, as a JWT has them; for other tokens use tickets.
   */
  token?: () => string | Promise<string>;
  /** Gets a ticket (`WS_AUTH=ticket`) before each attempt, from `POST /ws/ticket`. */
  ticket?: () => string | Promise<string>;
  /** How long the server may take to connect or to answer, in ms: 10000. */
  timeout?: number;
  /** After how much silence the server is pinged, in ms: 25000. */
  heartbeat?: number;
  /** The longest first wait between attempts to connect, in ms: 1000. It doubles each time. */
  baseDelay?: number;
  /** The longest wait at all, in ms: 30000. Each wait is drawn from 0 to its longest. */
  maxDelay?: number;
  /** How many messages may wait to be sent: 100. */
  maxQueue?: number;
  /** How many messages a second are sent for long: 15. Keep it below `WS_RATE_LIMIT`. */
  rate?: number;
  /** How many are sent at once: 30. Keep it below `WS_RATE_BURST`; `Infinity` sets no limit. */
  burst?: number;
}

/**
 * - `connecting`: under way
 * - `open`: connected
 * - `waiting`: for the next attempt
 * - `closed`: by `close()` or by a final close code, as 4003 for a kick; only `connect()` goes on
 */
export type State = "connecting" | "open" | "waiting" | "closed";

export interface StateEvent {
  state: State;
  /**
   * The close code, where it is `waiting` or `closed`. It is 1006 if the server was not reached or
   * refused: a page is not told why.
   */
  code?: number;
  /** The close reason; may be empty. */
  reason?: string;
  /** How long it waits, in ms, where it is `waiting`. */
  delay?: number;
}

/** A connection that comes back by itself. It connects at once. */
export class Client {
  constructor(options?: Options);

  readonly state: State;

  /** The rooms to be in: joined again with each connection. */
  readonly rooms: ReadonlySet<string>;

  /** Connects again, where it is `closed`. */
  connect(): void;

  /** Ends the connection; what waits is dropped. */
  close(): void;

  /** Calls `listener` with each message of a type, answers included, until the returned function is called. */
  on<T extends keyof ServerMessages>(type: T, listener: (message: Message<ServerMessages, T> & Id) => void): () => void;

  /** Calls `listener` with each change of the state, until the returned function is called. */
  onState(listener: (event: StateEvent) => void): () => void;

  /** Sends, now or with the next connection; `false` if it is `closed` or too much waits. */
  send(message: ClientMessage): boolean;

  /** As `send`, for the answer; throws a `RequestError`. What has timed out while it waited is not sent. */
  request(message: ClientMessage, options?: { timeout?: number }): Promise<ServerMessage>;

  /** Joins a room for all connections to come; throws a `RequestError`, which ends that only if the server refused. */
  join(room: string): Promise<ServerMessage>;

  /** Leaves a room. */
  leave(room: string): Promise<ServerMessage>;
}

/** The id of the request that a message answers. */
type Id = { id?: number };
type Message<Messages, Type extends keyof Messages> = { type: Type } & Messages[Type];
type Typed<Messages> = { [Type in keyof Messages]: Message<Messages, Type> }[keyof Messages];
