import type { OpenEndpoint } from "../endpoint.ts";
import { text } from "../reply.ts";

/** `GET /health/live` and `GET /up`: the process answers requests. */
export const showLiveness: OpenEndpoint = () => text(200, "OK\n");

/** Creates `GET /health/ready`: whether a load balancer should send new work here. */
export function createReadiness(isReady: () => boolean): OpenEndpoint {
  return () => (isReady() ? text(200, "OK\n") : text(503, "Not ready\n"));
}
