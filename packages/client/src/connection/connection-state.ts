import type { ServerMessage } from "./message.ts";
import type { PlannedTransport, TransportName } from "./transport-plan.ts";

/**
 * The state of a connection: `connection.state`, and an event of the same name.
 *
 * - `initialized`: `connect()` was not called.
 * - `connecting`: the first attempt, or a reconnection, is under way or scheduled.
 * - `connected`: the handshake with the server is complete.
 * - `unavailable`: connecting takes longer than `unavailableTimeout`; attempts continue.
 * - `failed`: no transport can be used here.
 * - `disconnected`: `disconnect()` was called, or the server refused the client with a final code.
 */
export type ConnectionState = "initialized" | "connecting" | "connected" | "unavailable" | "failed" | "disconnected";

/** Settings of a connection. Times are in milliseconds. */
export interface ConnectionSettings {
  /** Returns the transports to try in one round, in order, with or without TLS. */
  readonly plan: (tls: boolean) => readonly PlannedTransport[];
  /** Longest silence before a ping; the server may ask for less. */
  readonly activityTimeout: number;
  /** Longest time for the answer to a ping. */
  readonly pongTimeout: number;
  /** How long connecting takes before the state becomes `unavailable`. */
  readonly unavailableTimeout: number;
}

/** The complete state of a connection. */
export interface State {
  /** The state that the user sees. A change is announced after the effects of the step. */
  readonly shown: ConnectionState;
  readonly phase: Phase;
  readonly tls: boolean;
  /** Consecutive attempts without a lasting connection. */
  readonly failures: number;
  /** Number of the latest socket. */
  readonly lastSocket: number;
}

/** What a connection is doing. */
export type Phase =
  /** Idle until `connect`. */
  | { readonly at: "idle" }
  /** Waiting for the next round of attempts. */
  | { readonly at: "waiting" }
  | {
      /** Trying one transport after the other. */
      readonly at: "trying";
      /** Sockets whose handshake is not complete. */
      readonly open: readonly number[];
      /** Transports that are not tried yet. */
      readonly rest: readonly PlannedTransport[];
      /** Why the first transport failed. */
      readonly failed?: Failure | undefined;
    }
  | {
      /** Connected. */
      readonly at: "online";
      readonly socket: number;
      readonly socketId: string;
      /** When the handshake was complete. */
      readonly since: number;
      /** Longest silence before a ping, in milliseconds. */
      readonly activityTimeout: number;
      /** When the latest ping was sent, if no answer is known. */
      readonly probedAt?: number;
    };

/** What can happen to a connection. */
export type Input =
  /** `restart`: address or key has changed. */
  | { readonly on: "connect" | "disconnect" | "restart" }
  /** The device woke up or has a network again (`back`), or has lost its network (`lost`). */
  | { readonly on: "back" | "lost" }
  /** One of the two timers has ended. */
  | { readonly on: "alarm" | "unavailable" }
  | { readonly on: "message"; readonly socket: number; readonly message: ServerMessage }
  | Closed;

/** A socket was closed, or could not be opened. */
export interface Closed extends Failure {
  readonly on: "closed";
  readonly socket: number;
}

/** Why an attempt to connect failed, or a connection ended. */
export interface Failure {
  /** Close code: of the server from 4000, otherwise of the network. */
  readonly code: number;
  readonly reason: string;
  /** The error of the platform, if there is one. */
  readonly error?: unknown;
}

/** Time, randomness and settings for a step. Times are milliseconds on one clock. */
export interface Facts {
  readonly settings: ConnectionSettings;
  readonly now: number;
  /** When the last byte arrived. */
  readonly heardAt: number;
  /** A random number, at least 0 and below 1. */
  readonly jitter: number;
}

/** What to do after a step, in this order. */
export type Effect =
  | { readonly do: "open"; readonly socket: number; readonly transport: TransportName }
  | { readonly do: "close"; readonly socket: number }
  /** Close all sockets except one, and stop the timers; that of `unavailable` continues while `shown` is `connecting`. */
  | { readonly do: "clear"; readonly keep?: number }
  /** Start a timer. It replaces an earlier one of the same name. */
  | { readonly do: "alarm" | "unavailable"; readonly ms: number }
  | { readonly do: "ping" | "pong" }
  | { readonly do: "emit"; readonly event: "error" | "connecting_in"; readonly data: unknown }
  /** Report why there is no connection. `as`: the shapes of the error events. */
  | { readonly do: "fail"; readonly failure: Failure; readonly as: readonly ("PusherError" | "WebSocketError")[] }
  | { readonly do: "deliver"; readonly message: ServerMessage };
