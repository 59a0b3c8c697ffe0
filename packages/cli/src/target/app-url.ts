import { CommandFailure } from "../command-failure.ts";

/** An app on a server: where commands send their requests. */
export interface Target {
  readonly appId: string;
  readonly key: string;
  readonly secret: string;
  /** Address of the HTTP API, without a slash at the end. */
  readonly httpUrl: string;
  /** Address of the WebSocket endpoint, without a slash at the end, with the scheme `http` or `https`. */
  readonly socketUrl: string;
}

const appUrlForm = "https://KEY:SECRET@HOST/apps/APP_ID";

/**
 * Reads the URL of an app, in the form that the official server libraries use.
 *
 * @param text the URL; never repeated in an error, because it holds the secret.
 * @param source where the URL comes from, for the error.
 */
export function parseAppUrl(text: string, source: string): Target {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const [, prefix, appId] = /^(.*)\/apps\/([\w-]+)\/?$/.exec(url?.pathname ?? "") ?? [];
  const isWeb = url?.protocol === "http:" || url?.protocol === "https:";
  if (url === undefined || appId === undefined || !isWeb || url.username === "" || url.password === "") {
    throw new CommandFailure(`${source} is not the URL of an app. Expected ${appUrlForm}.`);
  }
  return {
    appId,
    key: decodeURIComponent(url.username),
    secret: decodeURIComponent(url.password),
    httpUrl: `${url.origin}${prefix ?? ""}`,
    socketUrl: `${url.protocol}//${socketHost(url.host)}${prefix ?? ""}`,
  };
}

/** Address of a server on this machine with the default settings. */
export const exampleUrl = "http://127.0.0.1:6001";

/**
 * Returns the address of a server, without a slash at the end.
 *
 * @param text address of the server, or the URL of one of its apps; never repeated in an error, because it may hold a secret.
 * @param source where it comes from, for the error.
 */
export function serverUrl(text: string, source: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new CommandFailure(`${source} is not the address of a server. Expected https://HOST.`);
  }
  return `${url.origin}${url.pathname.replace(/\/apps\/[\w-]+\/?$|\/$/, "")}`;
}

/** Returns the URL of a target, as `parseAppUrl` reads it. */
export function appUrlOf({ appId, key, secret, httpUrl }: Target): string {
  const url = new URL(`${httpUrl}/apps/${appId}`);
  url.username = encodeURIComponent(key);
  url.password = encodeURIComponent(secret);
  return url.href;
}

/** The hosted Pusher service has different hosts for its HTTP API and for WebSockets. */
function socketHost(host: string): string {
  return host.replace(/^api-([\w-]+\.pusher\.com)$/, "ws-$1");
}
