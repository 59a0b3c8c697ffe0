import type { HttpRequest } from "../../../ports/transport.ts";
import { isInfoPath, sessionOfPath } from "../../../core/connections/sockjs-path.ts";
import { pusherJsProtocol, sockJsProtocol, type XhrMode, type XhrProtocol } from "./xhr-protocol.ts";

/** What a request to a fallback transport is for. */
export type XhrTarget = SessionTarget | { readonly action: "info" };

/** A request of one session. */
export interface SessionTarget {
  readonly action: XhrMode | "send";
  readonly protocol: XhrProtocol;
  /** The key of the app; undefined: the first message of the session says it. */
  readonly key: string | undefined;
  /** The session, different from those of all other protocols and apps. */
  readonly id: string;
}

/** What the last segment of the path of a session asks for. */
const actions: ReadonlyMap<string, XhrMode | "send"> = new Map([
  ["xhr_streaming", "streaming"],
  ["xhr", "polling"],
  ["xhr_send", "send"],
]);
/** Any prefix, the app's key, and the session: a number and a text that the client chose. */
const pusherJsPath = /\/app\/([^/]+)\/(\d{1,3}\/[^/]{1,64})\/[a-z_]+$/;

/** Returns what a request asks of a fallback transport; undefined if it is not for one. */
export function targetOf({ method, path }: HttpRequest): XhrTarget | undefined {
  if (isInfoPath(path)) return method === "GET" || method === "OPTIONS" ? { action: "info" } : undefined;
  const action = actions.get(path.slice(path.lastIndexOf("/") + 1));
  if (action === undefined || (method !== "POST" && method !== "OPTIONS")) return undefined;
  const [, key, session] = pusherJsPath.exec(path) ?? [];
  if (key !== undefined) return { action, protocol: pusherJsProtocol, key, id: `${key}/${session}` };
  const id = sessionOfPath(path);
  return id === undefined ? undefined : { action, protocol: sockJsProtocol, key, id };
}
