export {
  createAuthHandler,
  type AuthAttempt,
  type AuthHandler,
  type AuthHandlerOptions,
  type Authentication,
} from "./auth-handler/auth-handler.ts";
export type { AuthUser } from "./auth-handler/auth-user.ts";
export type { AllowedOrigins } from "./auth-handler/origin.ts";
export type { ChannelAuthorization, PresenceData, SignInData, UserAuthentication } from "./authorize.ts";
export type { CachedEvent, ChannelCounts, ChannelInfo, ChannelState, CountName } from "./channel-query.ts";
export type { EndToEndField } from "./encryption.ts";
export { generateMasterKey, type EncryptionOptions, type MasterKeyOption } from "./encryption-options.ts";
export type { SealedKeyOption, SealedOptions, SigningOptions } from "./sealed/sealed-options.ts";
export type { SealedField } from "./sealed/sealed-channels.ts";
export type { OpenedWebhook, OpenedWebhookEvent, WebhookRequest, WebhookTrust } from "./open-webhook.ts";
export type { Platform } from "./platform.ts";
export type { CachedChannel, Republished } from "./republish.ts";
export type { ChannelHistory, HistoryEvent, HistoryQuery, Position } from "./history.ts";
export { Sealcast } from "./sealcast.ts";
export type { PublishedInfo, TriggerEvent, TriggerOptions } from "./trigger-options.ts";
export { SealcastError, type SealcastErrorCode } from "./sealcast-error.ts";
export type { SealcastOptions } from "./sealcast-options.ts";
export type { SignableRequest, Token } from "./signed-query.ts";
