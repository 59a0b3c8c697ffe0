export { createServer, createTransport } from "./create-server.ts";
export { wireServer, type SealcastServer, type ServerPorts } from "./wire-server.ts";
export { MemoryEngine } from "./adapters/engine/memory.ts";
export { createPinoLog, type ClosableLog } from "./adapters/log/pino.ts";
export { createNodeSigner } from "./adapters/signer/node-crypto.ts";
export { appOptions, type AppOptionValues } from "./config/app-options.ts";
export { readConfigFile, watchConfigFile, type ConfigFile, type UnreadableFile } from "./config/config-file.ts";
export { describeProblems, type ConfigProblem } from "./config/config-problem.ts";
export type { Option, OptionTable } from "./config/option.ts";
export { environmentName, flagName } from "./config/option-name.ts";
export {
  appsVariable,
  fileVariable,
  resolveConfig,
  type ConfigSources,
  type ResolvedConfig,
} from "./config/resolve-config.ts";
export type { ServerConfig } from "./config/server-config.ts";
export { serverOptions, type ServerOptionValues } from "./config/server-options.ts";
export type { App, AppCredential } from "./core/app.ts";
export type { Activity, ActivityKind, ClientDetails } from "./core/activity.ts";
export { andThen, type Awaitable } from "./core/awaitable.ts";
export type { OccupancyFact } from "./core/occupancy-fact.ts";
export type { ServerLimits } from "./core/server-limits.ts";
export type { AppStore } from "./ports/app-store.ts";
export type { Clock } from "./ports/clock.ts";
export type {
  Broker,
  Delivery,
  History,
  HistoryQuery,
  Keep,
  KeptEvent,
  Position,
  Publication,
} from "./ports/broker.ts";
export type { Engine, EngineEvents, EngineStatus } from "./ports/engine.ts";
export type { NodeLink, NodeMessage } from "./ports/node-link.ts";
export type { ChannelSummary, Entry, Joining, JoinOutcome, Occupancy, PresenceJoining } from "./ports/occupancy.ts";
export type { Unavailable } from "./ports/unavailable.ts";
export type { UserDirectory } from "./ports/user-directory.ts";
export type { Log, LogFields, LogLevel } from "./ports/log.ts";
export type { Observer } from "./ports/observer.ts";
export type { Random } from "./ports/random.ts";
export type { Signer } from "./ports/signer.ts";
export {
  outgoing,
  type HttpReply,
  type HttpRequest,
  type Link,
  type LinkEvents,
  type ListenAddress,
  type OpenRequest,
  type OutgoingMessage,
  type ReplyStream,
  type Topic,
  type Transport,
  type TransportHandlers,
} from "./ports/transport.ts";
export type { WebhookEffect, WebhookOffer, WebhookText } from "./core/webhook-offer.ts";
export type {
  DeadLetter,
  QueueChange,
  TakeLimits,
  UnfinishedDelivery,
  WebhookAttempt,
  WebhookBacklog,
  WebhookDelivery,
  WebhookNext,
  WebhookQueue,
} from "./ports/webhook-queue.ts";
