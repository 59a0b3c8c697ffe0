import type { AppId, SocketId } from "@sealcast/protocol";

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
}

/** The open connections of this node, for operators. */
export interface ConnectionDirectory {
  readonly size: number;
  /** How many connections an app has. */
  countOf(app: AppId): number;
  /** The connections of an app, in no particular order. */
  of(app: AppId): Iterable<ConnectionFacts>;
  /** Closes a connection of an app; false if it is not there. */
  close(app: AppId, socketId: SocketId): boolean;
}
