export { createServer } from "./create-server.ts";
export { wireServer, type SealcastServer, type ServerPorts } from "./wire-server.ts";
export type { ServerConfig } from "./config/server-config.ts";
export type { App, AppCredential } from "./core/app.ts";
export type { ServerLimits } from "./core/server-limits.ts";
export type { AppStore } from "./ports/app-store.ts";
export type { Clock } from "./ports/clock.ts";
export type {
  Awaitable,
  CachedEvent,
  ChannelSummary,
  Engine,
  EngineEvents,
  Joined,
  Joining,
  Left,
  Publication,
} from "./ports/engine.ts";
export type { Log, LogFields } from "./ports/log.ts";
export type { Random } from "./ports/random.ts";
export type { Signer } from "./ports/signer.ts";
export type {
  HttpReply,
  HttpRequest,
  Link,
  LinkEvents,
  ListenAddress,
  OpenRequest,
  OutgoingMessage,
  ReplyStream,
  Topic,
  Transport,
  TransportHandlers,
} from "./ports/transport.ts";
