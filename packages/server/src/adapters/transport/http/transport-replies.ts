import type { HttpReply, TransportHandlers } from "../../../ports/transport.ts";

/** The part of {@link TransportHandlers} for plain requests. */
export type HttpHandler = Pick<TransportHandlers, "http" | "maxBodyBytes">;

/**
 * How long an idle connection may wait for its next request: longer than the idle time-outs of common load balancers,
 * which must never meet a connection that is just closing.
 */
export const keepAliveSeconds = 75;

const plainText = { "content-type": "text/plain; charset=utf-8" };

/** The answer to a body above `maxBodyBytes`. */
export const tooLarge: HttpReply = { status: 413, headers: plainText, body: "Request body too large\n" };

/** The answer where the bodies of all requests take more memory than they may. */
export const overloaded: HttpReply = {
  status: 503,
  headers: { ...plainText, "retry-after": "1" },
  body: "The server is over its memory limit; try again\n",
};

/** The answer where a handler failed. */
export const failed: HttpReply = { status: 500, headers: plainText, body: "Internal server error\n" };
