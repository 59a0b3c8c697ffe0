import type { JoinRequest } from "../auth/ask-for-channel.ts";
import type { ChannelGrant } from "../auth/channel-grant.ts";
import type { Connection } from "../connection/connection.ts";
import type { ClientOptions } from "../options.ts";
import type { EncryptionModule } from "./vault.ts";

/** What a channel needs of its client. */
export interface ChannelHost {
  readonly connection: Pick<Connection, "socket_id" | "state" | "send_event">;
  readonly options: ClientOptions;
  readonly user: {
    /** Settles when a sign-in that was asked for has ended. */
    readonly signinDonePromise: Promise<void> | null;
    /** The user, once signed in. */
    readonly user_data: { readonly id: string } | null;
  };
  authorize(request: JoinRequest): Promise<ChannelGrant>;
  /** Loads the cipher, the first time that an encrypted channel is used. */
  loadCipher(): Promise<EncryptionModule>;
  unsubscribe(name: string): void;
  /** Told of each event that a channel, or the user, has no listener for. */
  heardByNobody(where: string, event: string): void;
  /** Calls the client-wide listeners. */
  emit(event: string, data: unknown): unknown;
}
