// Checked by the compiler, not run: code written for the types of pusher-js compiles with ours.
import { expectTypeOf } from "vitest";
import DefaultPusher, { Pusher, type Channel, type Members, type Options, type PresenceChannel } from "./pusher-js.ts";
import type * as PusherTypes from "./pusher-js.ts";

expectTypeOf(DefaultPusher).toEqualTypeOf<typeof Pusher>();

export function codeForPusherJs(): void {
  const options: Options = {
    cluster: "eu",
    wsHost: "h",
    forceTLS: false,
    enabledTransports: ["ws", "wss"],
    nacl: {},
    enableStats: false,
    channelAuthorization: { endpoint: "/auth", transport: "ajax", params: { a: 1 }, headers: { b: "2" } },
    userAuthentication: { endpoint: "/user", transport: "jsonp", paramsProvider: () => ({ c: 3 }) },
  };
  const pusher: DefaultPusher = new DefaultPusher("key", options);
  const channel: Channel = pusher.subscribe("c");
  channel.bind("e", (data: { readonly text: string }, metadata?: { readonly user_id?: string }) => [data, metadata]);
  channel.bind(
    "e",
    function (this: { readonly name: string }) {
      return this.name;
    },
    { name: "x" },
  );
  channel.unbind(null, () => {});
  channel
    .unbind("e")
    .unbind_all()
    .bind_global((event: string, data: { readonly x: number }) => [event, data]);
  pusher.bind("e", (data: string) => data).unbind();
  pusher.connection.bind("error", (error: { readonly data: { readonly code: number } }) => error.data.code);
  pusher.connection.bind("state_change", (states: { readonly previous: string; readonly current: string }) => states);
  pusher.user.bind("notice", (data: { readonly n: number }) => data.n);
  const presence = pusher.subscribe("presence-p") as PresenceChannel;
  const members: Members = presence.members;
  members.each((member: { readonly id: string }) => member.id);
  const other: PusherTypes.PresenceChannel = presence;
  expectTypeOf(other.trigger("client-x", {})).toEqualTypeOf<boolean>();
  expectTypeOf(pusher.channel("c")).toEqualTypeOf<Channel>();
  Pusher.log = (message: string) => message;
  Pusher.logToConsole = true;
  void new Pusher("key", {
    cluster: "eu",
    authorizer: ({ name }, { authEndpoint }) => ({
      authorize: (socketId, callback) => callback(null, { auth: `${name} ${authEndpoint} ${socketId}` }),
    }),
  });
  // @ts-expect-error -- a cluster must be given
  void new Pusher("key", {});
}
