import type { QueryParameter } from "@sealcast/protocol";
import type { Awaitable } from "../core/awaitable.ts";
import type { App } from "../core/app.ts";
import type { Engine } from "../ports/engine.ts";
import type { Observer } from "../ports/observer.ts";
import type { HttpReply, HttpRequest } from "../ports/transport.ts";

/** An authenticated request to one endpoint. */
export interface ApiCall {
  readonly app: App;
  readonly request: HttpRequest;
  /** As it was signed, names in lower case. */
  readonly query: readonly QueryParameter[];
  /** The decoded variable part of the path: a channel name or user id; "" where the path has none. */
  readonly subject: string;
  readonly engine: Engine;
  readonly observer: Observer;
  /** Whether so many more events fit into the app's rate. */
  readonly takePublishes: (events: number) => boolean;
}

/** One endpoint of the HTTP API: from an authenticated request to a reply, without a socket. */
export type Endpoint = (call: ApiCall) => Awaitable<HttpReply>;
