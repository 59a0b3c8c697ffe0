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
  "decryption-error",
  "operator-action",
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
  /**
   * Whether the node counts what happens. It does from the first time that somebody reads its figures until an hour after
   * the last time; otherwise the counts below do not advance and the delay is 0.
   */
  readonly counting: boolean;
  /** Events that the HTTP API has accepted. */
  readonly published: number;
  /** Messages queued for subscribers. */
  readonly delivered: number;
  /** Requests that were answered, and how long all of them took together, in seconds. */
  readonly requests: number;
  readonly requestSeconds: number;
  /** Bytes that wait for slow connections. */
  readonly bufferedBytes: number;
  /** Resident memory of the process, in bytes. */
  readonly memoryBytes: number;
  /** 99th percentile of the event loop's delay during the last second, in milliseconds. */
  readonly loopDelayMs: number;
}

/** `GET /history?minutes=15`: figures of this node, oldest first, one each 15 seconds for the last six hours at most. */
export type FigureHistory = readonly NodeFigures[];

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
  /** Whether the operator sees all apps, those that are still to be created included. */
  readonly seesAllApps: boolean;
}

/** `GET /session`. */
export interface ConsoleSession {
  readonly operator: Operator | undefined;
  /** How to sign in, if nobody is signed in. */
  readonly signIn: { readonly password: boolean; readonly singleSignOn: boolean };
  /** Sent back in the header `X-Console-Token` with every request that changes something. */
  readonly token: string | undefined;
  readonly server: ServerFacts;
}

/** Answer to `POST /logout`. */
export interface SignedOut {
  /** Where the browser ends the session of single sign-on, too. */
  readonly endUrl: string | undefined;
}

/** Why single sign-on failed; the page is opened at `#/sign-in?problem=…`. */
export type SignOnProblem = "expired" | "refused" | "no-role" | "unavailable";

/** What the page shows of the server that answers. */
export interface ServerFacts {
  readonly version: string;
  readonly runtime: string;
  readonly engine: string;
  /** Where apps are defined, for people. */
  readonly appSource: string;
  /** Whether apps can be changed here. */
  readonly appsAreEditable: boolean;
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

/** `GET /apps/{id}`. */
export interface AppDetail extends AppSummary {
  /** Oldest first, without their secrets; those that were retired, too, if the app is in a database. */
  readonly keys: readonly AppKeyRow[];
  readonly settings: readonly AppSetting[];
}

/** One key of an app. Times are milliseconds since 1970; undefined if they are not known, or it did not happen. */
export interface AppKeyRow {
  readonly key: string;
  readonly createdMs: number | undefined;
  readonly lastUsedMs: number | undefined;
  readonly retiredMs: number | undefined;
}

/** Body of `POST /apps`. */
export interface AppToCreate {
  /** Absent: the server chooses one. */
  readonly id?: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Answer to `POST /apps`, and without `id` to `POST /apps/{id}/keys`. No later answer has the secret. */
export interface NewCredentials {
  readonly id?: string;
  readonly key: string;
  readonly secret: string;
}

/** `GET /apps/{id}/usage`: the last 31 days, newest first. */
export interface AppUsage {
  readonly days: readonly UsageRow[];
}

/** What an app used on one day. */
export interface UsageRow {
  /** In UTC, such as "2026-11-28". */
  readonly day: string;
  /** Published events, client events, and deliveries. */
  readonly messages: number;
  /** Most connections to one process at the same time. */
  readonly peakConnections: number;
}

/** One setting of an app. */
export interface AppSetting {
  readonly name: string;
  /** As JSON. */
  readonly value: string;
  readonly isDefault: boolean;
  /** What the setting decides, in Markdown. */
  readonly doc: string;
  /** What a valid value looks like. */
  readonly expected: string;
}

/** `GET /apps/{id}/webhooks`. */
export interface WebhookList {
  readonly rows: readonly WebhookRow[];
  /** What waits, over all apps; undefined if nothing is sent because no app has a webhook. */
  readonly waiting: { readonly events: number; readonly bytes: number; readonly deadLetters: number } | undefined;
}

/** What an app says of one webhook. */
export interface WebhookSettings {
  readonly url: string;
  readonly events: readonly string[];
  /** Beginning and end of the names of channels; "" stands for any. */
  readonly channels: { readonly prefix: string; readonly suffix: string };
  /** Headers to send. Operators who may not change apps get names without values, because a value may be a secret. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether one request carries several events. */
  readonly batch: boolean;
}

/** One webhook of an app, with its latest deliveries. */
export interface WebhookRow extends WebhookSettings {
  /** Newest first. */
  readonly attempts: readonly AttemptRow[];
  /** Newest first. */
  readonly deadLetters: readonly DeadLetterRow[];
}

/** One attempt to deliver a webhook. */
export interface AttemptRow {
  readonly delivery: string;
  readonly timeMs: number;
  readonly durationMs: number;
  readonly events: number;
  /** undefined: there was no answer. */
  readonly status: number | undefined;
  /** Why it failed; undefined if it succeeded. */
  readonly error: string | undefined;
}

/** A delivery that was given up. */
export interface DeadLetterRow {
  readonly id: string;
  readonly failedMs: number;
  readonly error: string;
  /** Names and channels of its events. */
  readonly events: readonly { readonly name: string; readonly channel: string }[];
}

/** Body of `POST /apps/{id}/webhooks/replay` and `POST /apps/{id}/webhooks/clear`. */
export interface DeadLetterChoice {
  readonly url: string;
  /** Absent: all dead letters of the URL. */
  readonly id?: string;
}

/** Answer to these. */
export interface DeadLetterCount {
  readonly count: number;
}

/** Rows of a list, which may have more rows than are sent. */
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
  /** Bytes that wait until the client reads. */
  readonly unsentBytes: number;
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
