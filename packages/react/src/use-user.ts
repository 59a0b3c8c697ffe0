import { listen, type SealcastError, type UserData } from "@sealcast/client";
import { useCallback, useSyncExternalStore } from "react";
import { useSealcast } from "./sealcast-provider.tsx";

/** The signed-in user. */
export interface UserState {
  /** Null while nobody is signed in. */
  readonly user: UserData | null;
  /** Why the latest sign-in failed. */
  readonly error: SealcastError | undefined;
}

/**
 * Returns the user, after `client.signin()`; nobody while rendering on a server.
 *
 * @example
 * const { user, error } = useUser();
 */
export function useUser(): UserState {
  const client = useSealcast();
  const { user, connection } = client;
  const subscribe = useCallback(
    (changed: () => void) => {
      const stop = new AbortController();
      listen(client, "pusher:signin_success", changed, stop);
      listen(user, "pusher:signin_error", changed, stop);
      listen(connection, "state_change", changed, stop);
      return () => stop.abort();
    },
    [client, user, connection],
  );
  const data = useSyncExternalStore(
    subscribe,
    () => user.user_data,
    () => null,
  );
  const error = useSyncExternalStore(
    subscribe,
    () => user.failure,
    () => undefined,
  );
  return { user: data, error };
}
