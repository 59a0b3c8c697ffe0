export { Sealcast } from "./sealcast.ts";
export type { ChannelOf, Presence, SealcastOptions, UnknownChannels } from "./sealcast.ts";
export type { ClientOptions } from "./options.ts";
export { SealcastError, type SealcastErrorCode } from "./sealcast-error.ts";

export type { Connection, ConnectionError, ConnectionEvents } from "./connection/connection.ts";
export type { ConnectionState } from "./connection/connection-state.ts";
export type { ServerMessage } from "./connection/message.ts";
export type { WebSocketClass, WebSocketLike } from "./connection/websocket.ts";

export type { AuthError } from "./auth/auth-error.ts";
export type { Channel, ChannelEvents } from "./channels/channel.ts";
export type { PrivateChannel } from "./channels/private-channel.ts";
export type { PresenceChannel, PresenceEvents } from "./channels/presence-channel.ts";
export type { Member, Members } from "./channels/roster.ts";
export type { EncryptedChannel, EncryptedEvents } from "./channels/encrypted-channel.ts";
export type {
  DecryptionError,
  DecryptionErrorReason,
  EncryptionCounters,
  EncryptionModule,
} from "./channels/event-decryptor.ts";

export { events, type StreamedEvent } from "./events.ts";
export { listen, type UntilAborted } from "./listen.ts";
export { whenConnected, whenSignedIn, whenSubscribed } from "./when.ts";
export type { Emitter, EventMetadata, EventName, Listener, UnknownEvents } from "./emitter.ts";

export type { User, UserData, UserEvents, WatchlistEvent, WatchlistEvents } from "./user.ts";
export type {
  AuthorizationOptions,
  ChannelAuthorizationCallback,
  ChannelAuthorizationData,
  ChannelHandler,
  EndpointOptions,
  UserAuthenticationCallback,
  UserAuthenticationData,
  UserHandler,
} from "./auth/auth-options.ts";
