import type { AuthError } from "./auth/auth-error.ts";
import type { Channel } from "./channels/channel.ts";
import type { Client } from "./client.ts";
import type { Connection } from "./connection/connection.ts";
import { listen, type UntilAborted } from "./listen.ts";
import { SealcastError } from "./sealcast-error.ts";
import type { UserData } from "./user.ts";

/**
 * Waits for the connection. Resolves with its id. A lost connection is waited for as long as the client reconnects.
 *
 * @throws {SealcastError} `disconnected` if the client does not connect; `rejected` if the server refuses it; `unreachable`
 * if the first connection cannot be made within `unavailableTimeout`. The reason of `signal` when that aborts.
 * @example
 * const socketId = await whenConnected(client, { signal: AbortSignal.timeout(5_000) });
 */
export function whenConnected(client: Client, until?: UntilAborted): Promise<string> {
  const { connection } = client;
  return settle(until, (look, stop) => {
    listen(connection, "state_change", look, stop);
    return () => (isConnected(client) ? connection.socket_id : undefined);
  });
}

/**
 * Waits for a subscription. Resolves with the channel.
 *
 * @throws {SealcastError} `refused` if the subscription fails, or has failed since the last `subscribe`; `unsubscribed` if
 * the channel is left; the errors of {@link whenConnected}. The reason of `signal` when that aborts.
 * @example
 * const room = await whenSubscribed(client.subscribe("presence-room"));
 */
export function whenSubscribed<Subscribed extends Pick<Channel, "name" | "subscribed" | "left" | "pusher" | "failure">>(
  channel: Subscribed,
  until?: UntilAborted,
): Promise<Subscribed> {
  return settle(until, (look, stop) => {
    const source = channel as unknown as Channel;
    listen(channel.pusher.connection as Connection, "state_change", look, stop);
    listen(source, "pusher:subscription_succeeded", look, stop);
    listen(source, "pusher:subscription_error", look as (error: AuthError) => void, stop);
    channel.left.addEventListener("abort", look);
    stop.signal.addEventListener("abort", () => channel.left.removeEventListener("abort", look));
    return () => {
      if (channel.failure) throw channel.failure;
      if (channel.left.aborted) {
        throw new SealcastError("unsubscribed", `Left ${channel.name} before it was subscribed`);
      }
      return isConnected(channel.pusher) && channel.subscribed ? channel : undefined;
    };
  });
}

/**
 * Waits for the sign-in. Resolves with the user.
 *
 * @throws {SealcastError} `refused` if the endpoint or the server refuses the sign-in, or has refused it since the last
 * `signin()`; the errors of {@link whenConnected}. The reason of `signal` when that aborts.
 * @example
 * client.signin();
 * const { id } = await whenSignedIn(client);
 */
export function whenSignedIn(client: Client, until?: UntilAborted): Promise<UserData> {
  const { user } = client;
  return settle(until, (look, stop) => {
    listen(client.connection, "state_change", look, stop);
    listen(client, "pusher:signin_success", look, stop);
    listen(user, "pusher:signin_error", look as (error: AuthError) => void, stop);
    return () => {
      if (user.failure) throw user.failure;
      return isConnected(client) ? (user.user_data ?? undefined) : undefined;
    };
  });
}

/**
 * Returns a promise of what `watch` finds: the first result that is not undefined.
 *
 * @param watch arranges for `look` to be called when something has changed, until the controller aborts. Returns the
 * function that looks; it throws if waiting longer is useless.
 */
function settle<Value>(
  { signal }: UntilAborted = {},
  watch: (look: () => void, until: AbortController) => () => Value | undefined,
): Promise<Value> {
  return new Promise((resolve, reject: (reason: unknown) => void) => {
    const settled = new AbortController();
    const look = (): void => {
      try {
        // Not `throwIfAborted`, which React Native does not have.
        if (signal?.aborted) throw signal.reason ?? new Error("Aborted");
        const value = find();
        if (value === undefined) return;
        resolve(value);
      } catch (error) {
        reject(error);
      }
      signal?.removeEventListener("abort", look);
      settled.abort();
    };
    const find = watch(look, settled);
    signal?.addEventListener("abort", look);
    look();
  });
}

/** Whether there is a connection. Throws if there will be none. */
function isConnected({
  connection,
}: {
  readonly connection: Pick<Connection, "state" | "failure" | "socket_id">;
}): boolean {
  const { state, failure, socket_id } = connection;
  if (state === "connected") return true;
  const isFirst = socket_id === undefined;
  if (state === "connecting" || (state === "unavailable" && !(isFirst && failure))) return false;
  throw failure ?? new SealcastError("disconnected", `The client does not connect: its state is ${state}`);
}
