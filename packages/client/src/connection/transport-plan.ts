import type { Config } from "../options.ts";
import { version } from "../version.ts";
import { hasWebSocket } from "./websocket.ts";

/** The ways to a server, by the names that `enabledTransports` uses. */
export type TransportName = "ws" | "wss" | "xhr_streaming" | "xhr_polling";

/** A transport, and when its turn comes in a round of attempts. */
export interface PlannedTransport {
  readonly name: TransportName;
  /** Milliseconds after the start of the round; 0 for the first. */
  readonly afterMs: number;
}

/** The transports to try, in order: WebSocket, then HTTP streaming, then polling. Empty where none can work. */
export function planTransports(config: Config, tls: boolean): readonly PlannedTransport[] {
  // Without TLS, WebSocket over TLS has a turn too: proxies that break plain WebSockets let it through.
  const streamingAfterMs = tls ? 2_000 : 5_000;
  const turns: readonly PlannedTransport[] = [
    { name: "ws", afterMs: 0 },
    { name: "wss", afterMs: 2_000 },
    { name: "xhr_streaming", afterMs: streamingAfterMs },
    { name: "xhr_polling", afterMs: streamingAfterMs + 4_000 },
  ];
  const usable = turns.filter(
    ({ name }) =>
      isSupported(name, config) &&
      !(name === "wss" && tls) &&
      // "ws" stands for both: `["wss"]` alone enables nothing, as in pusher-js.
      (config.enabledTransports?.includes(name) ?? true) &&
      !config.disabledTransports.includes(name),
  );
  const first = usable[0]?.afterMs ?? 0;
  return usable.map(({ name, afterMs }) => ({ name, afterMs: afterMs - first }));
}

function isSupported(name: TransportName, { ignoreNullOrigin }: Config): boolean {
  if (!name.startsWith("xhr")) return hasWebSocket;
  // Pages without an origin, such as local files, may not ask other hosts.
  return (
    typeof fetch === "function" &&
    (name === "xhr_polling" || typeof ReadableStream === "function") &&
    (globalThis.origin !== "null" || ignoreNullOrigin)
  );
}

/** Where a transport connects to. */
export function transportUrl(config: Config, key: string, transport: TransportName, tls: boolean): string {
  const secure = tls || transport === "wss";
  const [scheme, host, port, prefix] = transport.startsWith("ws")
    ? ["ws", config.wsHost, secure ? config.wssPort : config.wsPort, config.wsPath]
    : ["http", config.httpHost, secure ? config.httpsPort : config.httpPort, config.httpPath];
  const path = `/app/${encodeURIComponent(key)}?protocol=7&client=sealcast-js&version=${version}`;
  return `${scheme}${secure ? "s" : ""}://${host}:${port}${prefix}${path}`;
}
