import { limits, type AppId, type AppKey } from "@sealcast/protocol";
import {
  type App,
  createServer,
  type Log,
  type SealcastServer,
  type ServerConfig,
  type ServerLimits,
  type ServerPorts,
} from "@sealcast/server";

/** An app with every optional feature on and the official limits; key `app-key`, secret `app-secret`. */
export function testApp(settings: Partial<App> = {}): App {
  return {
    id: "1001" as AppId,
    credentials: [{ key: "app-key" as AppKey, secret: "app-secret" }],
    enabled: true,
    forceTls: false,
    clientEvents: true,
    subscriptionCount: true,
    watchlistEvents: true,
    authorizedConnections: false,
    allowedOrigins: [],
    maxConnections: 0,
    maxEventBytes: limits.eventDataBytes,
    maxChannelNameLength: limits.channelNameLength,
    maxPresenceMembers: limits.presenceMembers,
    maxMemberBytes: limits.userInfoBytes,
    clientEventsPerSecond: limits.clientEventsPerSecond,
    publishesPerSecond: 0,
    cacheTtlSeconds: limits.cacheTtlSeconds,
    ...settings,
  };
}

/** Server limits for tests: the defaults, but a drain that does not take its time. */
export function testLimits(settings: Partial<ServerLimits> = {}): ServerLimits {
  return {
    activityTimeoutSeconds: limits.activityTimeoutSeconds,
    pongTimeoutSeconds: limits.pongTimeoutSeconds,
    handshakeTimeoutSeconds: 10,
    authorizationTimeoutSeconds: 30,
    maxFrameBytes: 0,
    maxSubscriptionsPerConnection: 1_000,
    maxMessagesPerSecond: 0,
    maxOutboxBytes: 1_048_576,
    maxBufferedBytes: 268_435_456,
    compression: false,
    drainSeconds: 0,
    ...settings,
  };
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
  readonly limits?: Partial<ServerLimits>;
  readonly log?: Log;
  readonly ports?: Partial<Omit<ServerPorts, "log">>;
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
    host: "127.0.0.1",
    port: 0,
    logLevel: "silent",
    limits: testLimits(options.limits),
    apps: options.apps ?? [testApp()],
  };
  const server = await createServer(config, options.log ?? silentLog, options.ports);
  const { port } = await server.listen();
  return { server, port, url: `http://127.0.0.1:${port}`, close: () => server.close() };
}
