import type { ChannelGrant } from "../auth/channel-grant.ts";
import type { UnknownEvents } from "../emitter.ts";
import { Channel } from "./channel.ts";

/** A channel that the application's server lets a client join. */
export class PrivateChannel<Events extends object = UnknownEvents> extends Channel<Events> {
  protected override authorize(encrypted = false, attempts = 3): Promise<ChannelGrant> {
    const { connection } = this.pusher;
    return this.pusher.authorize({ channel: this.name, socketId: connection.socket_id ?? "", encrypted, attempts });
  }
}
