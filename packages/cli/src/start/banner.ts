import type { ListenAddress, ServerConfig } from "@sealcast/server";
import { reachableHost } from "../reachable-host.ts";

/** Returns what `start` prints when the server accepts connections: its URL, and how to connect to its first app, if any. */
export function banner(version: string, runtime: string, address: ListenAddress, { apps }: ServerConfig): string {
  const [app] = apps;
  if (app === undefined) return withoutApps(version, runtime, address);
  const key = app.credentials[0].key;
  const others = apps.length > 1 ? `   (and ${apps.length - 1} more)` : "";
  const host = reachableHost(address.host);
  return `
  Sealcast ${version} on ${runtime}

  URL      http://${host}:${address.port}
  App id   ${app.id}${others}
  App key  ${key}

  In a page with pusher-js:

    const pusher = new Pusher("${key}", {
      wsHost: "${host}", wsPort: ${address.port}, forceTLS: false, enabledTransports: ["ws"], cluster: "self",
    });
    pusher.subscribe("my-channel").bind("my-event", (data) => console.log(data));

`;
}

function withoutApps(version: string, runtime: string, { host, port }: ListenAddress): string {
  return `
  Sealcast ${version} on ${runtime}

  URL      http://${reachableHost(host)}:${port}
  Apps     none yet: the admin API creates them, see docs/apps.md

`;
}
