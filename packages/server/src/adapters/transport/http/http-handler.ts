import type { TransportHandlers } from "../../../ports/transport.ts";

/** The part of {@link TransportHandlers} for plain requests. */
export type HttpHandler = Pick<TransportHandlers, "http" | "refusal" | "maxBodyBytes">;
