import type { Encryption } from "@sealcast/protocol";
import type { ChannelGrant } from "../auth/channel-grant.ts";
import type { ChannelRequest } from "../auth/channel-request.ts";
import type { Connection } from "../connection/connection.ts";
import type { ClientOptions } from "../options.ts";
import type { EncryptionModule } from "./event-decryptor.ts";

/** The part of a channel that the client uses to leave the channel. */
export interface LeavableChannel {
  readonly name: string;
  /** Aborts when the client leaves the channel. */
  readonly left: AbortSignal;
  /** Ends the subscription; `subscribe` can start it again. */
  stop(): void;
  /** Leaves the channel permanently: stops it and aborts `left`. */
  end(): void;
}

/** What a channel needs of its client. */
export interface ChannelHost {
  readonly connection: Pick<Connection, "socket_id" | "state" | "send_event" | "failure">;
  readonly options: ClientOptions;
  authorize(request: ChannelRequest): Promise<ChannelGrant>;
  /** Loads the cipher when the first encrypted channel is used. */
  loadCipher(encryption: Encryption): Promise<EncryptionModule>;
  /** `channel.unsubscribe()` was called. */
  leave(channel: LeavableChannel): void;
  unsubscribe(name: string): void;
  /** A subscription has ended. `unanswered`: the server has not answered `pusher:subscribe` yet. */
  subscriptionEnded(name: string, unanswered: boolean): void;
  /** An event of a channel, or of the user, has no listener. */
  onUnhandledEvent(where: string, event: string): void;
  /** Calls the client-wide listeners. */
  emit(event: string, data: unknown): unknown;
}
