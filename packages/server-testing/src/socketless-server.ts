import {
  type App,
  createConfigFileAppStore,
  createNodeSigner,
  type Engine,
  type Log,
  type LogFields,
  type LogLevel,
  type Observer,
  MemoryEngine,
  type SealcastServer,
  type ServerPorts,
  type ServerSettings,
  type Signer,
  wireServer,
} from "@sealcast/server";
import type { FakeClient } from "./fake-client.ts";
import { FakeClock } from "./fake-clock.ts";
import { FakeRandom } from "./fake-random.ts";
import { FakeTransport, type TextReply } from "./fake-transport.ts";
import { signedQuery, testCredential } from "./signatures.ts";
import { testApp, testSettings } from "./start-server.ts";

/** What a test may decide of a server without sockets. */
export interface SocketlessOptions {
  readonly apps?: readonly App[];
  readonly settings?: Partial<ServerSettings>;
  /** Made with the server's clock; without it, the memory engine. */
  readonly engine?: (clock: FakeClock) => Engine;
  readonly observers?: readonly Observer[];
  /** By default, the signer of `node:crypto`. */
  readonly signer?: Signer;
  /** Ports that a test replaces or adds. */
  readonly ports?: Partial<ServerPorts>;
}

/** One line that a server logged. */
export interface LoggedLine {
  readonly level: Exclude<LogLevel, "silent">;
  readonly event: string;
  readonly fields: LogFields;
}

/** A whole server with a clock that tests move, clients without sockets, and requests without HTTP. */
export interface SocketlessServer {
  readonly server: SealcastServer;
  readonly transport: FakeTransport;
  readonly clock: FakeClock;
  readonly log: readonly LoggedLine[];
  /** A client of the first app whose greeting was taken. */
  readonly connect: () => FakeClient;
  /** Sends a GET request to the first app, signed as a server library does it. */
  readonly get: (path: string, parameters?: Readonly<Record<string, string>>) => Promise<TextReply>;
  /** Sends a POST request to the first app, signed as a server library does it; a body that is no text goes as JSON. */
  readonly post: (path: string, body: unknown, parameters?: Readonly<Record<string, string>>) => Promise<TextReply>;
}

/** Starts a server that has everything but sockets. */
export async function startSocketless(options: SocketlessOptions = {}): Promise<SocketlessServer> {
  const clock = new FakeClock();
  const transport = new FakeTransport();
  const { log, lines } = recordingLog();
  const { apps = [testApp()] } = options;
  const { id, key, secret } = firstCredential(apps);
  const store = createConfigFileAppStore(apps);
  const server = wireServer(testSettings(options.settings), {
    apps: store,
    transport,
    engine: options.engine?.(clock) ?? new MemoryEngine(clock, new FakeRandom()),
    clock,
    random: new FakeRandom(),
    signer: options.signer ?? createNodeSigner(),
    log,
    observers: options.observers ?? [],
    ...options.ports,
  });
  await server.listen();

  function call(
    method: "GET" | "POST",
    path: string,
    parameters: Readonly<Record<string, string>>,
    body: string,
  ): Promise<TextReply> {
    const fullPath = `/apps/${id}${path}`;
    const timestampSeconds = Math.floor(clock.now() / 1_000);
    const query = signedQuery({ key, secret, method, path: fullPath, parameters, body, timestampSeconds });
    return transport.request({ method, path: fullPath, query, body: new TextEncoder().encode(body) });
  }

  return {
    server: { ...server, apps: store, replaceApps: (next) => store.replace(next) },
    transport,
    clock,
    log: lines,
    connect() {
      const client = transport.connect({ path: `/app/${key}` });
      client.take();
      return client;
    },
    get: (path, parameters = {}) => call("GET", path, parameters, ""),
    post: (path, body, parameters = {}) =>
      call("POST", path, parameters, typeof body === "string" ? body : JSON.stringify(body)),
  };
}

function firstCredential(apps: readonly App[]): { id: string; key: string; secret: string } {
  const [app] = apps;
  return app === undefined ? { id: "", ...testCredential } : { id: app.id, ...app.credentials[0] };
}

function recordingLog(): { log: Log; lines: readonly LoggedLine[] } {
  const lines: LoggedLine[] = [];
  const record =
    (level: LoggedLine["level"]) =>
    (event: string, fields: LogFields = {}): void => {
      lines.push({ level, event, fields });
    };
  return {
    log: { level: "debug", debug: record("debug"), info: record("info"), warn: record("warn"), error: record("error") },
    lines,
  };
}
