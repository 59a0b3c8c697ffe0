import type { IncomingMessage } from "node:http";
import type { OpenRequest } from "../../ports/transport.ts";
import { isHttps } from "./forwarded.ts";

/** Where a request goes and how its client came, as all handlers want to know it. */
export function readTarget({ url = "/", headers, socket }: IncomingMessage): OpenRequest {
  const end = url.indexOf("?");
  const forwarded = headers["x-forwarded-proto"];
  return {
    path: end === -1 ? url : url.slice(0, end),
    query: end === -1 ? "" : url.slice(end + 1),
    origin: headers.origin,
    secure: "encrypted" in socket || isHttps(Array.isArray(forwarded) ? forwarded[0] : forwarded),
  };
}
