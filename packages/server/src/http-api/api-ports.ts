import type { App } from "../core/apps/app.ts";
import type { Awaitable } from "../core/awaitable.ts";
import type { Turns } from "../core/turns.ts";
import type { AppStore } from "../ports/app-store.ts";
import type { Clock } from "../ports/clock.ts";
import type { Engine } from "../ports/engine.ts";
import type { Observer } from "../ports/observer.ts";
import type { Signer } from "../ports/signer.ts";
import type { HttpReply, HttpRequest } from "../ports/transport.ts";

/** Decides whether a request to an operator's route is allowed: returns the reply that refuses it, or undefined. */
export type OperatorCheck = (request: HttpRequest) => Awaitable<HttpReply | undefined>;

/** The ports of the HTTP API. */
export interface ApiPorts {
  readonly apps: AppStore;
  readonly engine: Engine;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly turns: Turns;
  readonly observer: Observer;
  /** Without it, no request to an operator's route is allowed. */
  readonly checkOperator?: OperatorCheck | undefined;
  /** Returns the reply that refuses a publish of an app that has used its messages of the day. */
  readonly quotaProblem?: ((app: App) => HttpReply | undefined) | undefined;
  /** Whether the process holds as much undelivered data as it may. */
  readonly overCapacity: () => boolean;
}
