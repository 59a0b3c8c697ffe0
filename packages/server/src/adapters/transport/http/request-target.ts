import type { IncomingHttpHeaders } from "node:http";
import type { Socket } from "node:net";
import type { OpenRequest } from "../../../ports/transport.ts";
import { isHttps } from "./forwarded-proto.ts";

/** The head of a request, whoever read it. */
export interface ReadRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly socket: Socket;
}

/** Where a request goes and how its client came, as all handlers want to know it. */
export function readTarget({ url = "/", headers, socket }: ReadRequest): OpenRequest {
  const end = url.indexOf("?");
  const forwarded = headers["x-forwarded-proto"];
  return {
    path: end === -1 ? url : url.slice(0, end),
    query: end === -1 ? "" : url.slice(end + 1),
    origin: headers.origin,
    secure: "encrypted" in socket || isHttps(Array.isArray(forwarded) ? forwarded[0] : forwarded),
  };
}
