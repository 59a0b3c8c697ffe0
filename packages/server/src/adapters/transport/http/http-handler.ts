import type { TransportHandlers } from "../../../ports/transport.ts";

/** The part of {@link TransportHandlers} for plain requests. */
export type HttpHandler = Pick<TransportHandlers, "http" | "refusal" | "maxBodyBytes">;

/**
 * How long an idle connection may wait for its next request: longer than the idle time-outs of common load balancers,
 * which must never send a request on a connection that is closing.
 */
export const keepAliveSeconds = 75;
