import type { App } from "../core/apps/app.ts";
import type { Awaitable } from "../core/awaitable.ts";
import type { Turns } from "../core/turns.ts";
import type { Engine } from "../ports/engine.ts";
import type { Observer } from "../ports/observer.ts";
import type { HttpReply, HttpRequest } from "../ports/transport.ts";
import { publishEvent } from "./endpoints/publish-event.ts";

/** Publishes for an app as `POST /apps/{id}/events` does. `body` is the body of such a request. */
export type EventSender = (app: App, request: HttpRequest, body: Uint8Array) => Awaitable<HttpReply>;

/** Creates a sender for requests that were authenticated in another way than with a signature. */
export function createEventSender(engine: Engine, observer: Observer, turns: Turns): EventSender {
  return (app, request, body) => {
    const { method, path, address, secure } = request;
    const header = (name: string): string | undefined => request.header(name);
    const copy: HttpRequest = { method, path, query: "", address, secure, body, header };
    return publishEvent({
      app,
      request: copy,
      query: [],
      subject: "",
      engine,
      observer,
      publishesPerSecond: 0,
      quotaProblem: () => undefined,
      turns,
    });
  };
}
