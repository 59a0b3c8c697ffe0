import { closeReasons, encodeServerMessage, socketIdOf, type QueryParameter } from "@sealcast/protocol";
import type { ClientDetails } from "../core/monitoring/activity.ts";
import { decideOpen, keyOfPath, opensForRecovery } from "../core/connections/open.ts";
import { negotiateVersion, wantsErrorBeforeClose } from "../core/connections/protocol-version.ts";
import { parameter, parseQuery } from "../core/urls/query.ts";
import type { TextPool } from "../core/connections/text-pool.ts";
import type { AppStore } from "../ports/app-store.ts";
import type { Random } from "../ports/random.ts";
import type { Link, LinkEvents, OpenRequest } from "../ports/transport.ts";
import type { HeldConnections } from "./held-connections.ts";
import { Session, type SessionPorts } from "./session.ts";

/** What opening a connection needs besides what its session needs. */
export interface OpenDependencies {
  readonly apps: Pick<AppStore, "byKey" | "used">;
  readonly random: Random;
  readonly texts: TextPool;
  readonly session: SessionPorts;
  /** Where new connections wait while the server shuts down. */
  readonly held: HeldConnections;
  /** Whether the process holds as much undelivered data as it may. */
  readonly overCapacity: () => boolean;
  /** Whether the server is shutting down. */
  readonly isDraining: () => boolean;
}

/** Highest value of each half of a socket id, exclusive. */
const socketIdRange = 2 ** 31;
const ignored: LinkEvents = { receive: () => undefined, alive: () => undefined, closed: () => undefined };

/** Greets a new connection or closes it with the reason for which it may not open. */
export function openSession(dependencies: OpenDependencies, request: OpenRequest, link: Link): LinkEvents {
  const { apps, random, texts, session: ports } = dependencies;
  const query = parseQuery(request.query);
  const key = keyOfPath(request.path);
  const app = key === undefined ? undefined : apps.byKey(key);
  const version = negotiateVersion(query);
  const details = detailsOf(texts, request, query);
  const decision = decideOpen({
    key,
    version,
    app,
    secure: request.secure,
    origin: request.origin,
    draining: dependencies.isDraining(),
    connections: app === undefined ? 0 : ports.hub.connectionsOf(app.id),
    overCapacity: dependencies.overCapacity(),
  });
  if (!decision.ok) {
    const { reason } = decision;
    const refuse = (): void => {
      const { code, message } = reason;
      if (ports.observer.wants("connection-refused")) {
        const refused = {
          kind: "connection-refused",
          app: app?.id,
          key: key?.slice(0, 64),
          code,
          reason: message,
        } as const;
        ports.observer.observe({ ...refused, ...details });
      }
      if (wantsErrorBeforeClose(version.version)) {
        link.send(encodeServerMessage({ kind: "error", message, code }));
      }
      link.close(code, message);
    };
    if (reason === closeReasons.draining) return dependencies.held.hold(refuse);
    refuse();
    return ignored;
  }
  if (key !== undefined) apps.used(key);
  const socketId = socketIdOf(random.below(socketIdRange), random.below(socketIdRange));
  const { protocolVersion } = decision;
  const session = new Session(
    { app: decision.app, socketId, details, protocolVersion, opensForRecovery: opensForRecovery(request.path) },
    link,
    ports,
  );
  session.start();
  if (ports.observer.wants("connection-opened")) {
    ports.observer.observe({ kind: "connection-opened", app: decision.app.id, socketId, ...details, protocolVersion });
  }
  return session;
}

/** What the client says of itself. Equal texts of many clients are kept once. */
function detailsOf(texts: TextPool, { origin, address }: OpenRequest, query: readonly QueryParameter[]): ClientDetails {
  const sdk = ["client", "version"].flatMap((name) => parameter(query, name) ?? []).join(" ");
  return {
    address: address === "" ? undefined : address,
    origin: origin === undefined ? undefined : texts.share(origin.slice(0, 256)),
    sdk: sdk === "" ? undefined : texts.share(sdk.slice(0, 64)),
  };
}
