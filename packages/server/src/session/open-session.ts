import {
  closeReasons,
  encodeServerMessage,
  socketIdOf,
  type AppKey,
  type CloseReason,
  type QueryParameter,
} from "@sealcast/protocol";
import type { ClientDetails } from "../core/activity.ts";
import type { App } from "../core/app.ts";
import type { TextPool } from "../core/text-pool.ts";
import { negotiateVersion, wantsErrorBeforeClose } from "../core/protocol-version.ts";
import { parameter, parseQuery, percentDecode } from "../core/query.ts";
import type { Random } from "../ports/random.ts";
import { outgoing, type Link, type LinkEvents, type OpenRequest } from "../ports/transport.ts";
import type { Services } from "./services.ts";
import { Session } from "./session.ts";

/** What opening a connection needs besides the services of a session. */
export interface Door {
  readonly random: Random;
  readonly services: Services;
  /** Whether the process holds as much undelivered data as it may. */
  readonly overCapacity: () => boolean;
  readonly texts: TextPool;
  /** Whether the server is shutting down. */
  readonly isDraining: () => boolean;
}

/** Highest value of each half of a socket id, exclusive. */
const socketIdRange = 2 ** 31;
const ignored: LinkEvents = { receive: () => undefined, alive: () => undefined, closed: () => undefined };

/**
 * Greets a new connection or turns it away. The checks come in the order of the protocol: path, version, key, app, TLS,
 * origin, shutdown, quota, capacity.
 */
export function openSession(door: Door, request: OpenRequest, link: Link): LinkEvents {
  const { services } = door;
  const query = parseQuery(request.query);
  const negotiated = negotiateVersion(query);
  const key = keyOfPath(request.path);
  const turnAway = (reason: CloseReason, app?: App): LinkEvents => {
    if (services.observer.wants("connection-refused")) {
      const { code, message } = reason;
      const refused = { kind: "connection-refused", app: app?.id, key, code, reason: message } as const;
      services.observer.observe({ ...refused, ...detailsOf(door, request, query) });
    }
    if (wantsErrorBeforeClose(negotiated.version)) {
      link.send(outgoing(encodeServerMessage({ kind: "error", message: reason.message, code: reason.code })));
    }
    link.close(reason.code, reason.message);
    return ignored;
  };
  if (key === undefined) return turnAway(closeReasons.pathNotFound);
  if (!negotiated.ok) return turnAway(negotiated.reason);
  const app = services.apps.byKey(key);
  if (app === undefined) return turnAway(closeReasons.appNotFound);
  if (!app.enabled) return turnAway(closeReasons.appDisabled, app);
  if (app.forceTls && !request.secure) return turnAway(closeReasons.tlsRequired, app);
  if (!allowsOrigin(app, request.origin)) return turnAway(closeReasons.originNotAllowed, app);
  if (door.isDraining()) return turnAway(closeReasons.draining, app);
  // Where connections must be authorized, they count from then on.
  const counted = !app.authorizedConnections;
  if (counted && !services.hub.count(app.id, app.maxConnections)) {
    return turnAway(closeReasons.overConnectionQuota, app);
  }
  if (door.overCapacity()) {
    if (counted) services.hub.uncount(app.id);
    return turnAway(closeReasons.overCapacity, app);
  }
  const socketId = socketIdOf(door.random.below(socketIdRange), door.random.below(socketIdRange));
  const details = detailsOf(door, request, query);
  const protocolVersion = negotiated.version;
  const session = new Session({ app, socketId, details, protocolVersion, counted }, link, services);
  session.start();
  if (services.observer.wants("connection-opened")) {
    services.observer.observe({ kind: "connection-opened", app: app.id, socketId, ...details, protocolVersion });
  }
  return session;
}

/** Whether a page of this origin may use the app. Clients that are no pages name none and pass. */
export function allowsOrigin(app: App, origin: string | undefined): boolean {
  return app.allowedOrigins.length === 0 || origin === undefined || app.allowedOrigins.includes(origin);
}

/** What the client says of itself. Equal texts of many clients are kept once. */
function detailsOf({ texts }: Door, { origin }: OpenRequest, query: readonly QueryParameter[]): ClientDetails {
  const sdk = ["client", "version"].flatMap((name) => parameter(query, name) ?? []).join(" ");
  return {
    address: undefined,
    origin: origin === undefined ? undefined : texts.share(origin.slice(0, 256)),
    sdk: sdk === "" ? undefined : texts.share(sdk.slice(0, 64)),
  };
}

function keyOfPath(path: string): AppKey | undefined {
  const match = /^\/app\/([^/]+)\/?$/.exec(path);
  return match?.[1] === undefined ? undefined : (percentDecode(match[1]) as AppKey);
}
