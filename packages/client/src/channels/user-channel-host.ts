import type { ChannelGrant } from "../auth/channel-grant.ts";
import type { EventMetadata } from "../emitter.ts";
import type { Channel } from "./channel.ts";
import type { ChannelHost } from "./channel-host.ts";

/** The answer of the application's endpoint to a sign-in. */
export interface UserGrant {
  readonly auth: unknown;
  readonly user_data: unknown;
  /** The keys of the events to this user, if the backend seals them. */
  readonly keys?: ChannelGrant;
  /** With keys: creates the channel that carries the events to this user. */
  readonly createChannel?: (name: string, host: UserChannelHost, user: UserListeners) => Channel;
}

/** What the channel of a user needs of its client. */
export interface UserChannelHost extends ChannelHost {
  /** Asks the application's endpoint who the user is. Rejects with a {@link SealcastError}. */
  authenticate(): Promise<UserGrant>;
}

/** The part of the user object that the channel needs. */
export interface UserListeners {
  /** The latest answer of the endpoint, until the channel takes its keys. */
  grant: UserGrant | undefined;
  emit(event: string, data?: unknown, metadata?: EventMetadata): unknown;
}
