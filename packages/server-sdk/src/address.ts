import { SealcastError } from "./sealcast-error.ts";
import type { Token } from "./signed-query.ts";

/** Address of an app's HTTP API, and the credentials that sign requests to it. */
export interface Address {
  readonly scheme: string;
  readonly host: string;
  readonly port: number | string | undefined;
  /** Path in front of `/apps`, for servers behind a proxy that adds one. Part of what is signed. Starts with a slash. */
  readonly pathPrefix: string;
  readonly appId: string;
  readonly token: Token;
}

/** Returns scheme, host and port as one origin. */
export function originOf({ scheme, host, port }: Address): string {
  const urlHost = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  return `${scheme}://${urlHost}${port === undefined ? "" : `:${port}`}`;
}

/** Returns the path of a resource of the app, as it is signed. */
export function pathOf(address: Address, resource: string): string {
  return `${address.pathPrefix}/apps/${address.appId}${resource}`;
}

/** Returns the API host of a cluster of the hosted Pusher service. */
export function clusterHost(cluster: string): string {
  return `api-${cluster}.pusher.com`;
}

/** Returns whether a host is this machine. Such hosts are reached without TLS unless `useTLS` is true. */
export function isLoopback(host: string): boolean {
  return /^(localhost|(.+\.)?localhost|127(\.\d+){3}|\[?::1\]?)$/i.test(host);
}

/**
 * Reads `SCHEME://KEY:SECRET@HOST:PORT/PREFIX/apps/APP_ID`. The app id stays text.
 *
 * @throws {SealcastError} `invalid-options` if a part is missing. The message never repeats the URL, which holds the secret.
 */
export function parseAddress(url: string): Address {
  const parsed = typeof url === "string" && URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined) throw new SealcastError("invalid-options", `The app's URL is not a URL: ${expectedForm}`);
  const [, pathPrefix, appId] = /^(.*)\/apps\/([^/]+)$/.exec(parsed.pathname) ?? [];
  if (pathPrefix === undefined || appId === undefined || parsed.username === "" || parsed.password === "") {
    throw new SealcastError("invalid-options", `The app's URL lacks a part: ${expectedForm}`);
  }
  if (parsed.protocol !== "http:" && parsed.protocol !== "https:") {
    throw new SealcastError("invalid-options", `The app's URL must start with http:// or https://: ${expectedForm}`);
  }
  return {
    scheme: parsed.protocol.slice(0, -1),
    host: parsed.hostname,
    port: parsed.port === "" ? undefined : Number(parsed.port),
    pathPrefix,
    appId: decoded(appId),
    token: { key: decoded(parsed.username), secret: decoded(parsed.password) },
  };
}

/** Decodes a part of the URL. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new SealcastError(
      "invalid-options",
      `The app's URL has a "%" that must be written as "%25": ${expectedForm}`,
    );
  }
}

const expectedForm = "expected SCHEME://KEY:SECRET@HOST:PORT/apps/APP_ID";
