export type { AppId, AppKey } from "./app-id.ts";
export { base64ByteLength, isCanonicalBase64, isCanonicalBase64Url } from "./base64.ts";
export { channelKinds, traitsOf, type ChannelKind, type ChannelTraits, type Encryption } from "./channel-kind.ts";
export { parseChannelName, serverToUserChannel, userOfChannel, type ChannelName } from "./channel-name.ts";
export {
  encodeClientMessage,
  parseClientMessage,
  type ClientMessage,
  type ClientMessageProblem,
  type ParsedClientMessage,
} from "./client-message.ts";
export { closeReasons, type CloseReason, type Retry } from "./close-reason.ts";
export { errorCatalogue, type ErrorId, type ErrorRow } from "./error-catalogue.ts";
export { isClientEvent, isReservedEvent, parseEventName, type EventName } from "./event-name.ts";
export { isTextTooDeep, ownProperties, parseJson } from "./json.ts";
export { endOfString } from "./json-scan.ts";
export { limits } from "./limits.ts";
export { fail, ok, quote, type Parsed, type Problem } from "./parsed.ts";
export { payloadProblem } from "./payload-problem.ts";
export { memberOf, parsePresenceData, type Member } from "./presence-data.ts";
export { PresenceRoster, type RosterSnapshot } from "./presence-roster.ts";
export {
  channelEventEncoder,
  encodedEventEncoder,
  encodeChannelEvent,
  encodeServerMessage,
  parseServerFrame,
  type ServerFrame,
  type ServerMessage,
  type WatchlistChange,
} from "./server-message.ts";
export { parseSocketId, socketIdOf, type SocketId } from "./socket-id.ts";
export { channelStringToSign, requestStringToSign, userStringToSign, type QueryParameter } from "./string-to-sign.ts";
export { parseUserData, type UserData } from "./user-data.ts";
export { isUserId, parseUserId, type UserId } from "./user-id.ts";
export { exceedsBytes, utf8Length } from "./utf8-length.ts";
export {
  encodeWebhook,
  encodeWebhookEvent,
  joinWebhook,
  parseWebhook,
  webhookEventNames,
  type Webhook,
  type WebhookEvent,
  type WebhookEventName,
} from "./webhook-event.ts";
