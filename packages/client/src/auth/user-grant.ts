import type { UserGrant } from "../channels/user-channel-host.ts";
import { loadOnce } from "../load-once.ts";
import { fieldsOf } from "../untrusted.ts";
import { parseChannelGrant } from "./channel-grant.ts";

const loadChannel = loadOnce("channel of the user", () => import("../channels/user-channel.ts"));

/** Reads the answer for a user. The client sends `auth` and `user_data` to the server, and nothing else. */
export async function readUserGrant(answer: unknown): Promise<UserGrant> {
  const { auth, user_data } = fieldsOf(answer);
  const grant = parseChannelGrant(answer);
  return { auth, user_data, ...(grant?.e2e ? (await loadChannel()).sealedUser(grant) : {}) };
}
