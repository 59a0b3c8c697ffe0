import type { AppId, ChannelName, ErrorId, SocketId } from "@sealcast/protocol";
import type { OccupancyFact } from "../channels/occupancy-fact.ts";

/** What a server knows of a client. */
export interface ClientDetails {
  /** IP address of the other end of the connection; undefined if the transport does not know it. */
  readonly address: string | undefined;
  /** Origin of the page, as the browser sent it. */
  readonly origin: string | undefined;
  /** Name and version of the client library, as the client sent them; unchecked text of at most 64 characters. */
  readonly sdk: string | undefined;
}

interface OfConnection {
  readonly app: AppId;
  readonly socketId: SocketId;
}

interface OfSubscription extends OfConnection {
  readonly channel: ChannelName;
  /** On presence channels. */
  readonly userId: string | undefined;
}

/**
 * Something that happened in a server, for logs, metrics, webhooks and the console. Only `data` holds payloads. An event
 * on an encrypted channel has its ciphertext there.
 */
export type Activity =
  | (OfConnection & ClientDetails & { readonly kind: "connection-opened"; readonly protocolVersion: number })
  | (ClientDetails & {
      readonly kind: "connection-refused";
      /** undefined: no app has the key. */
      readonly app: AppId | undefined;
      /** The key of the path; undefined if the path has none. Unchecked text of at most 64 characters. */
      readonly key: string | undefined;
      readonly code: number;
      readonly reason: string;
    })
  | (OfConnection &
      ClientDetails & {
        readonly kind: "connection-closed";
        /** Close code of the server; undefined: the client or the network ended the connection. */
        readonly code: number | undefined;
        readonly reason: string | undefined;
        readonly userId: string | undefined;
        readonly channels: readonly ChannelName[];
        readonly lifetimeMs: number;
      })
  | (OfConnection & { readonly kind: "signed-in"; readonly userId: string })
  | (OfSubscription & { readonly kind: "subscribed" | "unsubscribed" })
  | (OfConnection & { readonly kind: "cache-miss"; readonly channel: ChannelName })
  /** A change for the whole cluster: observed on one of its nodes. */
  | (OccupancyFact & { readonly app: AppId })
  /** The HTTP API accepted an event. */
  | {
      readonly kind: "published";
      readonly app: AppId;
      readonly event: string;
      readonly channels: readonly ChannelName[];
      readonly data: string;
    }
  | (OfSubscription & { readonly kind: "client-event"; readonly event: string; readonly data: string })
  /** A client reports that it could not decrypt an event. `event` and `reason` are the client's words. */
  | (OfSubscription & { readonly kind: "decryption-failed"; readonly event: string; readonly reason: string })
  /** A message was queued for the local subscribers of a channel. */
  | {
      readonly kind: "delivered";
      readonly app: AppId;
      readonly channel: ChannelName;
      readonly connections: number;
      /** Length of the message, in UTF-16 code units. */
      readonly length: number;
    }
  /** A client's message was answered with an error. */
  | (OfConnection & {
      readonly kind: "message-refused";
      readonly error: ErrorId;
      readonly message: string;
      /** Of a refused subscription. */
      readonly channel: string | undefined;
    })
  /** A request to the HTTP API was answered with an error. */
  | {
      readonly kind: "request-refused";
      readonly app: AppId | undefined;
      readonly method: string;
      readonly path: string;
      /** IP address of the client; undefined if the transport does not know it. */
      readonly address: string | undefined;
      readonly status: number;
      /** As the client gets it. It may repeat what the client is to sign, and with that the query. */
      readonly message: string;
    }
  /** A request was answered, to the HTTP API or to any other path. */
  | {
      readonly kind: "request-answered";
      /** The path of its row in the table of routes, with wildcards; undefined if no row fits. */
      readonly route: string | undefined;
      readonly status: number;
      readonly durationMs: number;
    }
  /** A delivery of a webhook was sent, or could not be. */
  | {
      readonly kind: "webhook-attempted";
      readonly app: AppId;
      readonly url: string;
      /** Id of the delivery, the same for each attempt. */
      readonly delivery: string;
      readonly events: number;
      /** Status of the answer, if there was one. */
      readonly status: number | undefined;
      /** Why it failed; undefined if the receiver accepted the delivery. Never part of an answer's body. */
      readonly error: string | undefined;
      readonly durationMs: number;
      /** Whether it succeeded, is tried again, or was given up. */
      readonly outcome: "delivered" | "retry" | "dead";
    }
  /** The server made a mistake. `where` is the kind and place of the error, never its message. */
  | {
      readonly kind: "connection-failed" | "request-failed" | "announcement-failed";
      readonly app: AppId | undefined;
      readonly socketId: SocketId | undefined;
      readonly where: string;
    }
  /** An operator asked the console to change something; `subject` says what, such as a channel or a socket id. */
  | {
      readonly kind: "operator-acted";
      readonly operator: string;
      readonly action: string;
      readonly app: string | undefined;
      readonly subject: string;
      readonly outcome: "done" | "refused";
      /** HTTP status of the answer. */
      readonly status: number;
    }
  /** What the processes of a cluster share can, or cannot, be reached. */
  | { readonly kind: "engine-ready" | "engine-unavailable" }
  | { readonly kind: "draining"; readonly connections: number; readonly seconds: number };

/** The kinds of activities. */
export type ActivityKind = Activity["kind"];
