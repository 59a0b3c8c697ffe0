import type { AuthError } from "./auth/auth-error.ts";
import type { Channel } from "./channels/channel.ts";
import type { Client } from "./client.ts";
import type { Connection } from "./connection/connection.ts";
import { listen, type UntilAborted } from "./listen.ts";
import { SealcastError } from "./sealcast-error.ts";
import type { UserData } from "./user.ts";

/**
 * Resolves with the id of the connection once there is one. Rejects with a {@link SealcastError} `disconnected` where none
 * is being made, and with the reason of `signal` when that aborts.
 */
export function whenConnected(client: Client, until?: UntilAborted): Promise<string> {
  const { connection } = client;
  return settle(until, (look, stop) => {
    listen(connection, "state_change", look, stop);
    return () => (hasConnection(client) ? connection.socket_id : undefined);
  });
}

/**
 * Resolves with the channel once it is subscribed. Rejects with a {@link SealcastError}: `refused` when the subscription
 * fails, `unsubscribed` when the channel is left, `disconnected` when no connection is being made; and with the reason of
 * `signal` when that aborts.
 */
export function whenSubscribed<Subscribed extends Pick<Channel, "name" | "subscribed" | "left" | "pusher">>(
  channel: Subscribed,
  until?: UntilAborted,
): Promise<Subscribed> {
  return settle(until, (look, stop) => {
    let refusal: AuthError | undefined;
    const told = channel as unknown as Channel;
    listen(channel.pusher.connection as Connection, "state_change", look, stop);
    listen(told, "pusher:subscription_succeeded", look, stop);
    const refused = (error: AuthError): void => {
      refusal = error;
      look();
    };
    listen(told, "pusher:subscription_error", refused, stop);
    channel.left.addEventListener("abort", look, stop);
    return () => {
      if (refusal) throw new SealcastError("refused", refusal.error, refusal.status);
      if (channel.left.aborted)
        throw new SealcastError("unsubscribed", `Left ${channel.name} before it was subscribed`);
      return hasConnection(channel.pusher) && channel.subscribed ? channel : undefined;
    };
  });
}

/**
 * Resolves with the user once `signin()` has succeeded. Rejects with a {@link SealcastError} `refused` when the endpoint
 * or the server did not accept, `disconnected` when no connection is being made, and with the reason of `signal` when that
 * aborts.
 */
export function whenSignedIn(client: Client, until?: UntilAborted): Promise<UserData> {
  const { user } = client;
  return settle(until, (look, stop) => {
    let refusal: AuthError | undefined;
    listen(client.connection, "state_change", look, stop);
    listen(client, "pusher:signin_success", look, stop);
    const refused = (error: AuthError): void => {
      refusal = error;
      look();
    };
    listen(user, "pusher:signin_error", refused, stop);
    return () => {
      if (refusal) throw new SealcastError("refused", refusal.error, refusal.status);
      return hasConnection(client) ? (user.user_data ?? undefined) : undefined;
    };
  });
}

/**
 * Makes a promise of what a look at the present state gives, as soon as that is not undefined.
 *
 * @param watch arranges for further looks, and gives the function that looks: it throws where there is no hope.
 */
function settle<Value>(
  { signal }: UntilAborted = {},
  watch: (look: () => void, until: AbortController) => () => Value | undefined,
): Promise<Value> {
  return new Promise((resolve, reject: (reason: unknown) => void) => {
    const settled = new AbortController();
    const look = (): void => {
      try {
        signal?.throwIfAborted();
        const value = find();
        if (value === undefined) return;
        resolve(value);
      } catch (error) {
        reject(error);
      }
      settled.abort();
    };
    const find = watch(look, settled);
    signal?.addEventListener("abort", look, settled);
    look();
  });
}

/** Whether there is a connection; throws where none is being made. */
function hasConnection({ connection }: { readonly connection: Pick<Connection, "state"> }): boolean {
  const { state } = connection;
  if (state === "failed" || state === "disconnected") {
    throw new SealcastError("disconnected", `Cannot wait for a connection that is ${state}`);
  }
  return state === "connected";
}
