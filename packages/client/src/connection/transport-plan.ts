import type { Config } from "../options.ts";
import { version } from "../version.ts";

/** The transports, by the names that `enabledTransports` uses. */
export type TransportName = "ws" | "wss" | "xhr_streaming" | "xhr_polling";

/** A transport, and when it is tried in a round of attempts. */
export interface PlannedTransport {
  readonly name: TransportName;
  /** Milliseconds after the start of the round; 0 for the first. */
  readonly afterMs: number;
}

/** Returns the transports to try, in order: WebSocket, HTTP streaming, HTTP polling. Empty if none can be used. */
export function planTransports(config: Config, tls: boolean): readonly PlannedTransport[] {
  const { enabledTransports, disabledTransports } = config;
  const streamingAfterMs = tls ? 2_000 : 5_000;
  const turns: PlannedTransport[] = [
    { name: "ws", afterMs: 0 },
    { name: "xhr_streaming", afterMs: streamingAfterMs },
    { name: "xhr_polling", afterMs: streamingAfterMs + 4_000 },
  ];
  // Without TLS, also try WebSocket over TLS: proxies that break plain WebSockets let it through.
  if (!tls) turns.splice(1, 0, { name: "wss", afterMs: 2_000 });
  // "ws" enables both: with TLS, `["wss"]` enables nothing, as in pusher-js.
  const usable = turns.filter(
    ({ name }) =>
      isSupported(name, config) && (enabledTransports?.includes(name) ?? true) && !disabledTransports?.includes(name),
  );
  return usable.map(({ name, afterMs }) => ({ name, afterMs: afterMs - (usable[0]?.afterMs ?? 0) }));
}

function isSupported(name: TransportName, { WebSocket, ignoreNullOrigin }: Config): boolean {
  // Pages without an origin, such as local files, cannot send requests to other hosts.
  return name.startsWith("ws")
    ? WebSocket !== undefined
    : typeof fetch === "function" && (globalThis.origin !== "null" || ignoreNullOrigin === true);
}

/** Returns the address of the server, as error messages show it. */
export function serverAddress({ wsHost, wsPort, wssPort, wsPath, isTlsForced }: Config, tls: boolean): string {
  const address = `${tls ? "wss" : "ws"}://${wsHost}:${tls ? wssPort : wsPort}${wsPath}`;
  return isTlsForced ? `${address} (with TLS, because this page uses https)` : address;
}

/** Returns the URL that a transport connects to. */
export function transportUrl(config: Config, key: string, transport: TransportName, tls: boolean): string {
  const secure = tls || transport === "wss";
  const [scheme, host, port, prefix] = transport.startsWith("ws")
    ? ["ws", config.wsHost, secure ? config.wssPort : config.wsPort, config.wsPath]
    : ["http", config.httpHost, secure ? config.httpsPort : config.httpPort, config.httpPath];
  const path = `/app/${encodeURIComponent(key)}?protocol=7&client=sealcast-js&version=${version}`;
  return `${scheme}${secure ? "s" : ""}://${host}:${port}${prefix}${path}`;
}
