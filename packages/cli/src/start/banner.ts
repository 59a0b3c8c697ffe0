import { isIPv6 } from "node:net";
import type { ListenAddress, ServerConfig } from "@sealcast/server";

/** Returns what `start` prints when the server accepts connections: its URL, and how to connect to its first app. */
export function banner(version: string, runtime: string, address: ListenAddress, { apps }: ServerConfig): string {
  const [app] = apps;
  const key = app?.credentials[0].key ?? "";
  const others = apps.length > 1 ? `   (and ${apps.length - 1} more)` : "";
  const host = reachableHost(address.host);
  return `
  Sealcast ${version} on ${runtime}

  URL      http://${host}:${address.port}
  App id   ${app?.id ?? ""}${others}
  App key  ${key}

  In a page with pusher-js:

    const pusher = new Pusher("${key}", {
      wsHost: "${host}", wsPort: ${address.port}, forceTLS: false, enabledTransports: ["ws"], cluster: "self",
    });
    pusher.subscribe("my-channel").bind("my-event", (data) => console.log(data));

`;
}

/** Returns the host part of a URL: loopback if the server listens on all addresses, in brackets if it is IPv6. */
function reachableHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return isIPv6(host) ? `[${host}]` : host;
}
