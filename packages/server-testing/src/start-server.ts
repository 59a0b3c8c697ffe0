import { type AppId, type AppKey } from "@sealcast/protocol";
import {
  type App,
  createServer,
  defaultAppSettings,
  defaultServerSettings,
  type Log,
  type SealcastServer,
  type ServerConfig,
  type ServerSettings,
} from "@sealcast/server";

/** An app with the default limits and every optional feature enabled; key `app-key`, secret `app-secret`. */
export function testApp(settings: Partial<App> = {}): App {
  return {
    id: "1001" as AppId,
    credentials: [{ key: "app-key" as AppKey, secret: "app-secret" }],
    ...defaultAppSettings,
    clientEvents: true,
    subscriptionCount: true,
    watchlistEvents: true,
    ...settings,
  };
}

/** The default settings on a free port of loopback, but with a drain that takes no time. */
export function testSettings(settings: Partial<ServerSettings> = {}): ServerSettings {
  return { ...defaultServerSettings, port: 0, logLevel: "silent", drainSeconds: 0, ...settings };
}

/** Discards every line. */
export const silentLog: Log = {
  level: "silent",
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** What a test may decide of its server. */
export interface TestServerOptions {
  readonly apps?: readonly App[];
  readonly settings?: Partial<ServerSettings>;
  readonly log?: Log;
  readonly ports?: Parameters<typeof createServer>[2];
  readonly operators?: ServerConfig["operators"];
  readonly oidc?: ServerConfig["oidc"];
}

/** A server on a free loopback port. */
export interface TestServer {
  readonly server: SealcastServer;
  readonly port: number;
  /** `http://127.0.0.1:{port}` */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts a server for a test. */
export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const config: ServerConfig = {
    ...testSettings(options.settings),
    apps: options.apps ?? [testApp()],
    operators: options.operators ?? [],
    oidc: options.oidc,
  };
  const server = await createServer(config, options.log ?? silentLog, options.ports);
  const { port } = await server.listen();
  return { server, port, url: `http://127.0.0.1:${port}`, close: () => server.close() };
}
