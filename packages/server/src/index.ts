export { probeAppDatabase, probeEngine, probeWebhooks, type WebhookProbe } from "./probes.ts";
export type { TableDifferences } from "./adapters/app-store/sql/app-migrations.ts";
export { createServer, createTransport, type SealcastServer } from "./create-server.ts";
export type { ServerPorts } from "./server-ports.ts";
export { wireServer, type WiredServer } from "./wire-server.ts";
export { createConfigFileAppStore } from "./adapters/app-store/config-file.ts";
export { systemClock } from "./adapters/clock/system.ts";
export { MemoryEngine } from "./adapters/engine/memory.ts";
export { createScryptHasher } from "./adapters/password-hasher/node-scrypt.ts";
export { createPinoLog, type ClosableLog } from "./adapters/log/pino.ts";
export { createNodeSigner } from "./adapters/signer/node-crypto.ts";
export { readConfigFile, watchConfigFile, type ConfigFile, type UnreadableFile } from "./config/config-file.ts";
export { describeProblems, type ConfigProblem } from "./config/config-problem.ts";
export type { IgnoredVariable } from "./config/environment.ts";
export { appsVariable, commandVariables, environmentName, fileVariable, flagName } from "./config/option-name.ts";
export { configFrom } from "./config/config-from.ts";
export { resolveConfig, type ConfigSources, type ResolvedConfig } from "./config/resolve-config.ts";
export { appCredentials, configJsonSchema } from "./config/schema.ts";
export type { ServerConfig } from "./config/server-config.ts";
export { appSettings, defaultAppSettings, type App, type AppCredential, type AppSettings } from "./core/apps/app.ts";
export type { Activity, ActivityKind, ClientDetails } from "./core/monitoring/activity.ts";
export { andThen, type Awaitable } from "./core/awaitable.ts";
export type { Turns } from "./core/turns.ts";
export { EngineStartError } from "./core/errors/engine-start-error.ts";
export type { OccupancyFact } from "./core/channels/occupancy-fact.ts";
export { defaultServerSettings, serverSettings, type ServerSettings } from "./core/settings/server-settings.ts";
export { settingFacts, type LimitFacts, type SettingFacts } from "./core/settings/setting.ts";
export type { AppRecord, AppKeyRecord, NewApp, StatedSettings } from "./core/apps/app-record.ts";
export { AppDatabaseError } from "./core/errors/app-database-error.ts";
export type { AppRecords } from "./ports/app-records.ts";
export type { AppStore } from "./ports/app-store.ts";
export { LinkTopic } from "./adapters/transport/links/link-topic.ts";
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
  PublishRate,
} from "./ports/broker.ts";
export type { ConnectionQuota } from "./ports/connection-quota.ts";
export type { Engine, EngineEvents, EngineStatus } from "./ports/engine.ts";
export type { NodeLink, NodeMessage } from "./ports/node-link.ts";
export type { ChannelSummary, Entry, Joining, JoinOutcome, Occupancy, PresenceJoining } from "./ports/occupancy.ts";
export type { UsageDay } from "./core/monitoring/usage-day.ts";
export type { UsageRecords } from "./ports/usage-records.ts";
export type { Unavailable } from "./ports/unavailable.ts";
export type { UserDirectory } from "./ports/user-directory.ts";
export type { Log, LogFields, LogLevel } from "./ports/log.ts";
export type { Observer } from "./ports/observer.ts";
export type { Random } from "./ports/random.ts";
export type { Signer } from "./ports/signer.ts";
export type { SignOnAttempt, SignOnResult, SingleSignOn } from "./ports/single-sign-on.ts";
export type { SingleSignOnSettings } from "./core/operators/single-sign-on.ts";
export {
  type HttpReply,
  type HttpRequest,
  type Link,
  type LinkEvents,
  type ListenAddress,
  type Listener,
  type OpenRequest,
  type ReplyStream,
  type Topic,
  type Transport,
  type TransportHandlers,
  type TransportRefusal,
} from "./ports/transport.ts";
export type { WebhookEffect, WebhookOffer, WebhookText } from "./core/webhooks/webhook-offer.ts";
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
export { WebhooksUnavailable, type QueuePlace } from "./webhooks/webhooks-unavailable.ts";
export { adminRoutes } from "./admin-api/create-admin-api.ts";
export type { AdminRoute } from "./admin-api/admin-route.ts";
