import type { ListenAddress, ServerConfig } from "@sealcast/server";
import { reachableHost } from "../reachable-host.ts";

/** What a started server says about itself. */
interface Started {
  readonly runtime: string;
  readonly address: ListenAddress;
  readonly hasConsole: boolean;
}

/** Returns what `start` prints when the server accepts connections: its addresses, and how to connect to its first app, if any. */
export function banner(version: string, started: Started, { apps }: ServerConfig): string {
  const { runtime, address } = started;
  const [app] = apps;
  if (app === undefined) return withoutApps(version, started);
  const key = app.credentials[0].key;
  const others = apps.length > 1 ? `   (and ${apps.length - 1} more)` : "";
  const host = reachableHost(address.host);
  return `
  Sealcast ${version} on ${runtime}

${places(address, started.hasConsole)}
  App id   ${app.id}${others}
  App key  ${key}

  In a page with pusher-js:

    const pusher = new Pusher("${key}", {
      wsHost: "${host}", wsPort: ${address.port}, forceTLS: false, enabledTransports: ["ws"], cluster: "self",
    });
    pusher.subscribe("my-channel").bind("my-event", (data) => console.log(data));

`;
}

function places({ host, port }: ListenAddress, hasConsole: boolean): string {
  const url = `http://${reachableHost(host)}:${port}`;
  return hasConsole ? `  URL      ${url}\n  Console  ${url}/console` : `  URL      ${url}`;
}

function withoutApps(version: string, { runtime, address, hasConsole }: Started): string {
  return `
  Sealcast ${version} on ${runtime}

${places(address, hasConsole)}
  Apps     none yet: the admin API creates them, see docs/apps.md

`;
}
