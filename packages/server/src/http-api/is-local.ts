import { isLoopbackName } from "../core/urls/loopback-name.ts";
import type { HttpRequest } from "../ports/transport.ts";

/**
 * Whether a request comes from this machine and asks for this machine. Both are needed: a proxy passes on the `Host` that
 * its client has chosen, and a page in a local browser can make its own name point to this machine.
 */
export function isLocal(request: HttpRequest): boolean {
  const host = (request.header("host") ?? "").replace(/:\d+$/, "");
  return isLoopbackName(host) && isLoopbackName(request.address);
}
