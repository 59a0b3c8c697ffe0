import { SealcastError } from "./sealcast-error.ts";
import type { Token } from "./signed-query.ts";

/** Where an app lives and how to prove to be its backend. */
export interface Address {
  readonly scheme: string;
  readonly host: string;
  readonly port: number | string | undefined;
  /** In front of `/apps`, for servers behind a proxy that adds a path; part of what is signed. Starts with a slash. */
  readonly pathPrefix: string;
  readonly appId: string;
  readonly token: Token;
}

/** Scheme, host and port as one origin. */
export function originOf(address: Address): string {
  return `${address.scheme}://${address.host}${address.port === undefined ? "" : `:${address.port}`}`;
}

/** Path of a resource of the app, as it is signed. */
export function pathOf(address: Address, resource: string): string {
  return `${address.pathPrefix}/apps/${address.appId}${resource}`;
}

/** The host of a cluster of the hosted service. */
export function clusterHost(cluster: string): string {
  return `api-${cluster}.pusher.com`;
}

/**
 * Reads `SCHEME://KEY:SECRET@HOST:PORT/PREFIX/apps/APP_ID`; the app id stays text. Throws `invalid-options` that names the
 * missing part and never repeats the URL, which holds the secret.
 */
export function parseAddress(url: string): Address {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined) throw new SealcastError("invalid-options", `The app's URL is not a URL: ${wanted}`);
  const [, pathPrefix, appId] = /^(.*)\/apps\/([^/]+)$/.exec(parsed.pathname) ?? [];
  if (pathPrefix === undefined || appId === undefined || parsed.username === "" || parsed.password === "") {
    throw new SealcastError("invalid-options", `The app's URL lacks a part: ${wanted}`);
  }
  return {
    scheme: parsed.protocol.slice(0, -1),
    host: parsed.hostname,
    port: parsed.port === "" ? undefined : Number(parsed.port),
    pathPrefix,
    appId: decodeURIComponent(appId),
    token: { key: decodeURIComponent(parsed.username), secret: decodeURIComponent(parsed.password) },
  };
}

const wanted = "SCHEME://KEY:SECRET@HOST:PORT/apps/APP_ID is wanted";
