import type { Client } from "../client.ts";
import { listen } from "../listen.ts";
import type { SealcastError } from "../sealcast-error.ts";
import type { UserData } from "../user.ts";
import { createStore, type Store } from "./store.ts";

/** The user of a client. */
export interface UserState {
  /** The user, while signed in. */
  readonly user: UserData | null;
  /** Why the latest sign-in failed. */
  readonly error: SealcastError | undefined;
}

/** Returns the user of a client, after `client.signin()`. */
export function userStore(client: Client): Store<UserState> {
  const { user, connection } = client;
  return createStore(
    () => ({ user: user.user_data, error: user.failure }),
    (look, stop) => {
      listen(client, "pusher:signin_success", look, stop);
      listen(user, "pusher:signin_error", look, stop);
      listen(connection, "state_change", look, stop);
    },
  );
}
