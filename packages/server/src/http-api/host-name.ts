import type { HttpRequest } from "../ports/transport.ts";

/** Returns the `Host` header of a request without the port; "" if it has none. */
export function hostNameOf(request: HttpRequest): string {
  return (request.header("host") ?? "").replace(/:\d+$/, "");
}
