import { closeReasons, type AppKey, type CloseReason } from "@sealcast/protocol";
import { isOriginAllowed } from "./allowed-origin.ts";
import type { App } from "../apps/app.ts";
import type { NegotiatedVersion } from "./protocol-version.ts";
import { percentDecode } from "../urls/percent-decode.ts";

/** Everything that decides whether a connection may open. */
export interface OpenFacts {
  /** undefined: the path is none that connections open on. */
  readonly key: AppKey | undefined;
  readonly version: NegotiatedVersion;
  /** The app of the key. */
  readonly app: App | undefined;
  readonly secure: boolean;
  readonly origin: string | undefined;
  /** Whether the server is shutting down. */
  readonly draining: boolean;
  /** Connections that count towards the app's quota. */
  readonly connections: number;
  /** Whether the process holds as much undelivered data as it may. */
  readonly overCapacity: boolean;
}

/** A connection that may open, or why it may not. */
export type OpenDecision =
  | { readonly ok: true; readonly app: App; readonly protocolVersion: number }
  | { readonly ok: false; readonly reason: CloseReason };

/** Decides in the order of the protocol: path, version, key, app, TLS, origin, shutdown, quota, capacity. */
export function decideOpen({ key, version, app, ...facts }: OpenFacts): OpenDecision {
  if (key === undefined) return refuse(closeReasons.pathNotFound);
  if (!version.ok) return refuse(version.reason);
  if (app === undefined) return refuse(closeReasons.appNotFound);
  if (!app.enabled) return refuse(closeReasons.appDisabled);
  if (app.forceTls && !facts.secure) return refuse(closeReasons.tlsRequired);
  if (!allowsOrigin(app, facts.origin)) return refuse(closeReasons.originNotAllowed);
  if (facts.draining) return refuse(closeReasons.draining);
  if (countsAtOpen(app) && isQuotaUsed(app, facts.connections)) return refuse(closeReasons.overConnectionQuota);
  if (facts.overCapacity) return refuse(closeReasons.overCapacity);
  return { ok: true, app, protocolVersion: version.version };
}

/** Whether a connection counts towards the quota from its beginning, or only once it is authorized. */
export function countsAtOpen(app: App): boolean {
  return !app.authorizedConnections;
}

/** Whether the app may have no further connection. */
export function isQuotaUsed(app: App, connections: number): boolean {
  return app.maxConnections > 0 && connections >= app.maxConnections;
}

/** Whether a page of this origin may use the app. Clients that are no pages send none and pass. */
export function allowsOrigin(app: App, origin: string | undefined): boolean {
  return isOriginAllowed(app.allowedOrigins, origin);
}

/** The app key of a path `/app/{key}`, below any prefix: a proxy may serve Sealcast under a path of a shared host. */
export function keyOfPath(path: string): AppKey | undefined {
  const match = /^(?:\/.*)?\/app\/([^/]+)\/?$/.exec(path);
  return match?.[1] === undefined ? undefined : (percentDecode(match[1]) as AppKey);
}

/** Whether the path has `/recover` before `/app/{key}`: the client then says what it missed on each channel. */
export function opensForRecovery(path: string): boolean {
  return /\/recover\/app\/[^/]+\/?$/.test(path);
}

function refuse(reason: CloseReason): OpenDecision {
  return { ok: false, reason };
}
