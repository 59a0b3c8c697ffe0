import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import type { OpenRequest } from "../../ports/transport.ts";

/** Where a request goes and how its client came, as all handlers want to know it. */
export function readTarget(request: IncomingMessage): OpenRequest {
  const url = request.url ?? "/";
  const end = url.indexOf("?");
  return {
    path: end === -1 ? url : url.slice(0, end),
    query: end === -1 ? "" : url.slice(end + 1),
    origin: request.headers.origin,
    secure: request.socket instanceof TLSSocket || isHttps(request.headers["x-forwarded-proto"]),
  };
}

/** A chain of proxies makes a list, the client's leg first. */
function isHttps(forwarded: string | string[] | undefined): boolean {
  if (forwarded === undefined) return false;
  const [first] = typeof forwarded === "string" ? forwarded.split(",") : forwarded;
  const protocol = first?.trim().toLowerCase();
  return protocol === "https" || protocol === "wss";
}
