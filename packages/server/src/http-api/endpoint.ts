import type { QueryParameter } from "@sealcast/protocol";
import type { App } from "../core/apps/app.ts";
import type { Awaitable } from "../core/awaitable.ts";
import type { Turns } from "../core/turns.ts";
import type { Engine } from "../ports/engine.ts";
import type { Observer } from "../ports/observer.ts";
import type { HttpReply, HttpRequest } from "../ports/transport.ts";

/** A request to an app, signed with one of its secrets. */
export interface AppCall {
  readonly app: App;
  readonly request: HttpRequest;
  /** As it was signed, names in lower case. */
  readonly query: readonly QueryParameter[];
  /** The decoded variable part of the path behind the app: a channel name or user id; "" if the path has none. */
  readonly subject: string;
  readonly engine: Engine;
  readonly observer: Observer;
  /** Most events that the app may publish in this way; 0: no limit. */
  readonly publishesPerSecond: number;
  /** Turns of the event loop, over which long work is spread. */
  readonly turns: Turns;
  /** Returns the reply that refuses a publish of an app that has used its messages of the day, or undefined. */
  readonly quotaProblem: () => HttpReply | undefined;
}

/** An endpoint of an app: from an authenticated request to a reply, without a socket. */
export type AppEndpoint = (call: AppCall) => Awaitable<HttpReply>;

/** A request that needs no signature. */
export interface OpenCall {
  readonly request: HttpRequest;
  /** What the wildcards of the route's path stand for, still percent-encoded. */
  readonly wildcards: readonly string[];
}

/** Any other endpoint. */
export type OpenEndpoint = (call: OpenCall) => Awaitable<HttpReply>;
