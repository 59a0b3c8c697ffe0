import { isIPv6 } from "node:net";

/** Returns the host part of a URL: loopback if the server listens on all addresses, in brackets if it is IPv6. */
export function reachableHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return isIPv6(host) ? `[${host}]` : host;
}
