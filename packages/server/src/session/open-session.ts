import { closeReasons, encodeServerMessage, socketIdOf, type AppKey, type CloseReason } from "@sealcast/protocol";
import type { App } from "../core/app.ts";
import { negotiateVersion, wantsErrorBeforeClose } from "../core/protocol-version.ts";
import { parseQuery, percentDecode } from "../core/query.ts";
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
  const negotiated = negotiateVersion(parseQuery(request.query));
  const turnAway = (reason: CloseReason, app?: App): LinkEvents => {
    services.log.info("connection.refused", { app: app?.id, code: reason.code, reason: reason.message });
    if (wantsErrorBeforeClose(negotiated.version)) {
      link.send(outgoing(encodeServerMessage({ kind: "error", message: reason.message, code: reason.code })));
    }
    link.close(reason.code, reason.message);
    return ignored;
  };
  const key = keyOfPath(request.path);
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
  const session = new Session(app, socketId, negotiated.version, counted, link, services);
  session.start();
  services.log.debug("connection.opened", { app: app.id, socketId });
  return session;
}

/** Whether a page of this origin may use the app. Clients that are no pages name none and pass. */
export function allowsOrigin(app: App, origin: string | undefined): boolean {
  return app.allowedOrigins.length === 0 || origin === undefined || app.allowedOrigins.includes(origin);
}

function keyOfPath(path: string): AppKey | undefined {
  const match = /^\/app\/([^/]+)\/?$/.exec(path);
  return match?.[1] === undefined ? undefined : (percentDecode(match[1]) as AppKey);
}
