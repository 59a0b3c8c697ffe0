import { isReservedEvent } from "@sealcast/protocol";
import type { ChannelGrant } from "../auth/channel-grant.ts";
import type { EventMetadata } from "../emitter.ts";
import { SealcastError } from "../sealcast-error.ts";
import { Channel } from "./channel.ts";
import type { UserChannelHost, UserGrant, UserListeners } from "./user-channel-host.ts";

/** The channel that carries sealed events to one signed-in user. It passes them on to the user object. */
class UserChannel extends Channel {
  private readonly host: UserChannelHost;
  private readonly user: UserListeners;

  constructor(name: string, host: UserChannelHost, user: UserListeners) {
    super(name, host, "sealed");
    this.host = host;
    this.user = user;
  }

  override emit(event: string, data?: unknown, metadata?: EventMetadata): this {
    super.emit(event, data, metadata);
    if (!isReservedEvent(event) || event === "pusher:decryption_error") this.user.emit(event, data, metadata);
    // The application's server no longer gives this user keys.
    else if (event === "pusher:subscription_error") this.user.emit("pusher:signin_error", data);
    return this;
  }

  protected override async requestGrant(): Promise<ChannelGrant> {
    const { keys } = this.user.grant ?? (await this.host.authenticate());
    this.user.grant = undefined;
    if (keys) return keys;
    throw new SealcastError("refused", "The answer for this user has no keys");
  }
}

/**
 * Returns the keys of a user whose events are sealed, and what creates the channel. This module is loaded when the application's
 * server sends keys at a sign-in.
 */
export function sealedUser(grant: ChannelGrant): Pick<UserGrant, "keys" | "createChannel"> {
  // The server takes no permission for the channel of a user who has signed in.
  const keys = { ...grant, auth: "" };
  return { keys, createChannel: (name, host, user) => new UserChannel(name, host, user) };
}
