import type { ServerMessage } from "./message.ts";
import type { PlannedTransport, TransportName } from "./transport-plan.ts";

/** What the user of the library sees of a connection: `connection.state`, and an event of the same name. */
export type ConnectionState = "initialized" | "connecting" | "connected" | "unavailable" | "failed" | "disconnected";

/** How a connection behaves; constant for its life. Times are in milliseconds. */
export interface ConnectionSettings {
  /** The transports to try in one round, in order, with or without TLS. */
  readonly plan: (tls: boolean) => readonly PlannedTransport[];
  /** Longest silence before a ping; the server may ask for less. */
  readonly activityTimeout: number;
  /** How long an answer to a ping may take. */
  readonly pongTimeout: number;
  /** How long connecting may take before the state is called `unavailable`. */
  readonly unavailableTimeout: number;
}

/** All that a connection knows of itself. */
export interface State {
  /** What the user sees; a change of it is announced after the effects of the step. */
  readonly shown: ConnectionState;
  readonly phase: Phase;
  readonly tls: boolean;
  /** Attempts in a row that led to no lasting connection. */
  readonly failures: number;
  /** Number of the latest socket. */
  readonly lastSocket: number;
}

/** What a connection is doing. */
export type Phase =
  /** Nothing, until `connect`. */
  | { readonly at: "idle" }
  /** Waiting for the next round of attempts. */
  | { readonly at: "waiting" }
  | {
      /** In a round of attempts. */
      readonly at: "trying";
      /** Sockets whose handshake is not over. */
      readonly open: readonly number[];
      /** Transports whose turn has not come. */
      readonly rest: readonly PlannedTransport[];
    }
  | {
      /** Connected. */
      readonly at: "online";
      readonly socket: number;
      readonly socketId: string;
      /** When the handshake ended. */
      readonly since: number;
      /** Longest silence before a ping, in milliseconds. */
      readonly activityTimeout: number;
      /** When a ping was sent that has not been answered yet, as far as we know. */
      readonly probedAt?: number;
    };

/** What happens to a connection. */
export type Input =
  /** `restart`: address or key have changed. */
  | { readonly on: "connect" | "disconnect" | "restart" }
  /** The device woke up or has a network again (`back`), or lost its network (`lost`). */
  | { readonly on: "back" | "lost" }
  /** The alarm went off, or the time after which a connection is called unavailable is over. */
  | { readonly on: "alarm" | "unavailable" }
  | { readonly on: "message"; readonly socket: number; readonly message: ServerMessage }
  | Closed;

/** A socket was closed, or could not be opened. */
export interface Closed {
  readonly on: "closed";
  readonly socket: number;
  readonly code: number;
  readonly reason: string;
}

/** What a step cannot know by itself. Times are milliseconds on one clock. */
export interface Facts {
  readonly settings: ConnectionSettings;
  readonly now: number;
  /** When the last byte arrived. */
  readonly heardAt: number;
  /** A random number, at least 0 and below 1. */
  readonly jitter: number;
}

/** What is to be done, in this order. */
export type Effect =
  | { readonly do: "open"; readonly socket: number; readonly transport: TransportName }
  | { readonly do: "close"; readonly socket: number }
  /** Close all sockets but one, and stop the clocks; that of `unavailable` goes on while `shown` is `connecting`. */
  | { readonly do: "clear"; readonly keep?: number }
  /** Set a clock; what it was set to before counts no more. */
  | { readonly do: "alarm" | "unavailable"; readonly ms: number }
  | { readonly do: "ping" | "pong" }
  | { readonly do: "emit"; readonly event: "error" | "connecting_in"; readonly data: unknown }
  | { readonly do: "deliver"; readonly message: ServerMessage };
