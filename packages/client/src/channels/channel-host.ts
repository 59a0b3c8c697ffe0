import type { Encryption } from "@sealcast/protocol";
import type { ChannelGrant } from "../auth/channel-grant.ts";
import type { ChannelRequest } from "../auth/channel-request.ts";
import type { Connection } from "../connection/connection.ts";
import type { ClientOptions } from "../options.ts";
import type { EncryptionModule } from "./event-decryptor.ts";

/** The part of a channel that its client needs to leave it. */
export interface LeavableChannel {
  readonly name: string;
  readonly left: AbortSignal;
  stop(): void;
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
  /** A subscription is given up. `unanswered`: the server still owes its answer to `pusher:subscribe`. */
  subscriptionEnded(name: string, unanswered: boolean): void;
  /** An event of a channel, or of the user, has no listener. */
  onUnhandledEvent(where: string, event: string): void;
  /** Calls the client-wide listeners. */
  emit(event: string, data: unknown): unknown;
}
