import type { Channel } from "../channels/channel.ts";
import type { UserChannelHost, UserListeners } from "../channels/user-channel.ts";
import { loadOnce } from "../load-once.ts";
import { fieldsOf } from "../untrusted.ts";
import { parseChannelGrant, type ChannelGrant } from "./channel-grant.ts";

/** The answer of the application's endpoint to a sign-in. */
export interface UserGrant {
  readonly auth: unknown;
  readonly user_data: unknown;
  /** The keys of the events to this user, if the backend seals them. */
  readonly keys?: ChannelGrant;
  /** With keys: creates the channel that carries the events to this user. */
  readonly createChannel?: (name: string, host: UserChannelHost, user: UserListeners) => Channel;
}

const loadChannel = loadOnce("channel of the user", () => import("../channels/user-channel.ts"));

/** Reads the answer for a user. The client sends `auth` and `user_data` to the server, and nothing else. */
export async function readUserGrant(answer: unknown): Promise<UserGrant> {
  const { auth, user_data } = fieldsOf(answer);
  const grant = parseChannelGrant(answer);
  return { auth, user_data, ...(grant?.e2e ? (await loadChannel()).sealedUser(grant) : {}) };
}
