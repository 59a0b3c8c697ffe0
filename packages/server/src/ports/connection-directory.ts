import type { AppId, SocketId } from "@sealcast/protocol";
import type { Awaitable } from "../core/awaitable.ts";

/** One open connection of this node. */
export interface ConnectionFacts {
  readonly socketId: SocketId;
  /** Milliseconds since 1970. */
  readonly openedMs: number;
  /** Name and version of the client library, as the client says. */
  readonly sdk: string | undefined;
  readonly userId: string | undefined;
  readonly channels: readonly string[];
  readonly origin: string | undefined;
  readonly address: string | undefined;
  /** Bytes that wait until the client reads. */
  readonly unsentBytes: number;
}

/** The open connections of this node, for operators. */
export interface ConnectionDirectory {
  readonly size: number;
  /** How many connections an app has. */
  countOf(app: AppId): number;
  /** Calls `visit` with each connection of an app, oldest first, in as many turns of the event loop as that needs. */
  visit(app: AppId, visit: (facts: ConnectionFacts) => void): Awaitable<void>;
  /** Closes a connection of an app; false if it is not there. */
  close(app: AppId, socketId: SocketId): boolean;
}
