import type { Authorize } from "./channel-request.ts";
import type { UserGrant } from "../channels/user-channel-host.ts";

/** Asks the application's server for permissions. The client loads it when it needs the first one. */
export interface Authorization {
  readonly authorizeChannel: Authorize;
  /** Asks who the user is. Rejects with a `SealcastError`. */
  readonly authenticateUser: (socketId: string) => Promise<UserGrant>;
}
