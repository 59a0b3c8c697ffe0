import type { AppId, QueryParameter } from "@sealcast/protocol";
import type { App } from "../core/apps/app.ts";
import { andThen, type Awaitable } from "../core/awaitable.ts";
import { percentDecode } from "../core/urls/percent-decode.ts";
import { parameter } from "../core/urls/query.ts";
import type { HeadCheck, HttpReply, HttpRequest } from "../ports/transport.ts";
import type { ApiPorts } from "./api-ports.ts";
import { authenticate, authenticateHead } from "./authenticate.ts";
import { largeBodyBytes } from "./body-limit.ts";
import type { AppCall } from "./endpoint.ts";
import { refusal, transportRefusal } from "./reply.ts";
import type { AppRoute } from "./routes.ts";

type Answer = Awaitable<HttpReply>;
type FoundApp = { readonly ok: true; readonly app: App } | { readonly ok: false; readonly reply: HttpReply };

/** The part of the HTTP API that answers the signed requests of backends. */
export interface AppRequests {
  /**
   * Checks a request and passes it to its endpoint.
   *
   * @param wildcards the app's id, and what else varies in the path.
   */
  answer(route: AppRoute, request: HttpRequest, wildcards: readonly string[]): Answer;
  /** Checks a request before its body has arrived. */
  checkHead(request: HttpRequest, wildcards: readonly string[]): HeadCheck;
}

/** Creates the part of the HTTP API that answers the signed requests of backends. */
export function createAppRequests(ports: ApiPorts): AppRequests {
  /** Checking the signature of a large body takes a turn of the event loop, and so does what the request asks for. */
  function inOwnTurn(request: HttpRequest, work: () => Answer): Answer {
    return request.body.length < largeBodyBytes ? work() : ports.turns.next().then(work);
  }

  function findApp(id: string | undefined, request: HttpRequest): FoundApp {
    const app = ports.apps.byId(id as AppId);
    if (app === undefined) return { ok: false, reply: refusal({ id: "appUnknown", message: "No app has this id" }) };
    if (!app.forceTls || request.secure) return { ok: true, app };
    return { ok: false, reply: refusal({ id: "tlsRequired", message: "This app accepts TLS only" }) };
  }

  function checkAndCall(route: AppRoute, request: HttpRequest, [id, subject = ""]: readonly string[]): Answer {
    const found = findApp(id, request);
    if (!found.ok) return found.reply;
    const { app } = found;
    return andThen(authenticate(app, ports.signer, request, ports.clock.now(), ports.turns), (query) =>
      query.ok ? callEndpoint(app, route, request, query.value, subject) : refusal(query.error),
    );
  }

  function callEndpoint(
    app: App,
    route: AppRoute,
    request: HttpRequest,
    query: readonly QueryParameter[],
    subject: string,
  ): Answer {
    ports.apps.used(parameter(query, "auth_key") ?? "");
    const problem = appProblem(app, route);
    if (problem !== undefined) return problem;
    const call: AppCall = {
      app,
      request,
      query,
      subject: percentDecode(subject),
      engine: ports.engine,
      observer: ports.observer,
      publishesPerSecond: app.publishesPerSecond,
      quotaProblem: () => ports.quotaProblem?.(app),
      turns: ports.turns,
    };
    return inOwnTurn(request, () => route.endpoint(call));
  }

  /** Returns the reply that refuses every authentic request to this route now, or undefined. */
  function appProblem(app: App, { publishes }: AppRoute): HttpReply | undefined {
    if (!app.enabled) return refusal({ id: "appIsDisabled", message: "The app is disabled" });
    return publishes && ports.overCapacity() ? transportRefusal("overMemory") : undefined;
  }

  return {
    answer: (route, request, wildcards) => inOwnTurn(request, () => checkAndCall(route, request, wildcards)),
    checkHead(request, [id]) {
      const found = findApp(id, request);
      if (!found.ok) return found;
      const signed = authenticateHead(found.app, ports.signer, request, ports.clock.now());
      return signed.ok ? { ok: true, isSigned: true } : { ok: false, reply: refusal(signed.error) };
    },
  };
}
