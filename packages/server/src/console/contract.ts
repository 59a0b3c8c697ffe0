/**
 * What the console's page and the server say to each other. The page imports these types only; all paths are below
 * `/console/api`.
 */

/** Kinds of log entries, in the order in which the page lists them. */
export const entryTypes = [
  "connection",
  "disconnection",
  "subscribed",
  "unsubscribed",
  "occupied",
  "vacated",
  "api-message",
  "client-event",
  "presence-event",
  "webhook-sent",
  "webhook-failed",
  "error",
  "api-error",
  "client-error",
] as const;

/** The kind of a log entry. */
export type EntryType = (typeof entryTypes)[number];

/** One line of the live log. */
export interface LogEntry {
  /** Increases on each node; `node` and `id` together identify the entry. */
  readonly id: number;
  /** The node on which it happened. */
  readonly node: string;
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  readonly type: EntryType;
  readonly socketId?: string;
  readonly channel?: string;
  readonly event?: string;
  readonly userId?: string;
  /** The event's data as it was sent: on encrypted channels that is the ciphertext. */
  readonly data?: string;
  /** Full length of `data` in UTF-16 units, if the server shortened it. */
  readonly fullDataLength?: number;
  /** What happened, in one line of plain text. */
  readonly details: string;
}

/** Figures of one node, sent once a second on the stream. */
export interface NodeFigures {
  readonly node: string;
  readonly timeMs: number;
  readonly connections: number;
  /** Events that the HTTP API has accepted since somebody began to watch. */
  readonly published: number;
  /** Messages queued for subscribers since somebody began to watch. */
  readonly delivered: number;
  /** Bytes that wait for slow connections. */
  readonly bufferedBytes: number;
  /** Resident memory of the process, in bytes. */
  readonly memoryBytes: number;
  /** 99th percentile of the event loop's delay during the last second, in milliseconds. */
  readonly loopDelayMs: number;
}

/** Server-sent events of `GET /apps/{id}/stream?types=a,b`; the name of each is its key here. */
export interface StreamEvents {
  readonly entries: readonly LogEntry[];
  /** Entries that were left out because the page did not keep up. */
  readonly dropped: { readonly count: number };
  readonly figures: NodeFigures;
}

/** Somebody who is signed in to the console. */
export interface Operator {
  readonly name: string;
  readonly role: "admin" | "read-only";
}

/** `GET /session`. */
export interface ConsoleSession {
  readonly operator: Operator | undefined;
  /** How to sign in, if nobody is signed in. */
  readonly signIn: { readonly password: boolean };
  /** Sent back in the header `X-Console-Token` with every request that changes something. */
  readonly token: string | undefined;
  readonly server: { readonly version: string; readonly runtime: string; readonly engine: string };
}

/** One row of `GET /apps`. */
export interface AppSummary {
  readonly id: string;
  readonly key: string;
  readonly enabled: boolean;
  readonly connections: number;
  readonly maxEventBytes: number;
  readonly clientEvents: boolean;
}

/** Rows of a list that may have more of them. */
export interface Rows<Row> {
  readonly rows: readonly Row[];
  /** How many there are, those in `rows` included. */
  readonly total: number;
}

/** One row of `GET /apps/{id}/channels?prefix=TEXT`. */
export interface ChannelRow {
  readonly name: string;
  readonly subscriptions: number;
  /** Distinct users, on presence channels; otherwise 0. */
  readonly users: number;
}

/** `GET /apps/{id}/channels/{name}`. */
export interface ChannelDetail extends ChannelRow {
  /** Ids of the users of a presence channel. */
  readonly members: readonly string[];
  /** Events that the channel keeps for later subscribers, newest last. */
  readonly kept: readonly { readonly event: string; readonly data: string; readonly timeMs: number | undefined }[];
}

/** One row of `GET /apps/{id}/connections`. */
export interface ConnectionRow {
  readonly socketId: string;
  readonly node: string;
  /** Milliseconds since 1970. */
  readonly openedMs: number;
  /** Name and version of the client library, as the client says. */
  readonly sdk: string;
  readonly userId: string | undefined;
  readonly channels: readonly string[];
  readonly origin: string | undefined;
  readonly address: string | undefined;
}

/** Body of `POST /apps/{id}/events`. */
export interface EventToSend {
  readonly channel: string;
  readonly event: string;
  /** The data text, sealed already if the channel is encrypted. */
  readonly data: string;
}

/** An answer that says why a request failed. */
export interface ConsoleError {
  readonly error: string;
}
