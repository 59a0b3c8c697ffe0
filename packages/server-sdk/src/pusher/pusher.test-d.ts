// Checked by the compiler, not run: code written for the types of the official library compiles with ours.
import type OfficialPusher from "pusher";
import Pusher from "../pusher.ts";

interface Order {
  readonly total: number;
}
interface OrderEvent {
  channel: string;
  name: string;
  data: Order;
}
interface Profile {
  name: string;
}
interface SignedInUser {
  id: string;
  user_info: Profile;
  watchlist: string[];
}
interface ChannelsQuery {
  filter_by_prefix: string;
}

export async function codeForPusher(
  events: OrderEvent[],
  profile: Profile,
  user: SignedInUser,
  params: ChannelsQuery,
  base: Pusher.BaseOptions,
): Promise<unknown> {
  const options: Pusher.Options = { ...base, host: "h", port: "6001", useTLS: false, timeout: 5_000 };
  const pusher = new Pusher(options);
  await pusher.triggerBatch(events);
  const presence: Pusher.PresenceChannelData = { user_id: "1", user_info: profile };
  const authorization: Pusher.ChannelAuthResponse = pusher.authorizeChannel("1.1", "presence-a", presence);
  const signIn: Pusher.UserAuthResponse = pusher.authenticateUser("1.1", user);
  const response: Pusher.Response = await pusher.get({ path: "/channels", params });
  return [authorization.auth, authorization.shared_secret, signIn.user_data, await response.json()];
}

/** What the official library's types describe may be passed to ours. */
export function typesOfBoth(
  options: OfficialPusher.Options,
  base: OfficialPusher.BaseOptions,
  batch: OfficialPusher.BatchEvent[],
  data: OfficialPusher.PresenceChannelData,
  user: OfficialPusher.UserChannelData,
  post: OfficialPusher.PostOptions,
  query: OfficialPusher.SignedQueryStringOptions,
  request: OfficialPusher.WebHookRequest,
): unknown {
  const pusher = new Pusher(options);
  const hook: OfficialPusher.WebHook = pusher.webhook(request);
  return [
    Pusher.forCluster("eu", base),
    Pusher.forURL("http://k:s@h/apps/1", options),
    pusher.triggerBatch(batch),
    pusher.authorizeChannel("1.1", "presence-a", data),
    pusher.authenticateUser("1.1", user),
    pusher.post(post),
    pusher.createSignedQueryString(query),
    hook.isValid([new Pusher.Token("key", "secret")]),
  ];
}
