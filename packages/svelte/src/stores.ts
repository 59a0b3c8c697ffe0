import type {
  Channel,
  ChannelOf,
  ConnectionState,
  EventName,
  Members,
  PresenceChannel,
  Sealcast,
} from "@sealcast/client";
import {
  connectionStore,
  presenceStore,
  subscriptionStore,
  userStore,
  type PresenceState,
  type SubscriptionState,
  type UserState,
} from "@sealcast/client/stores";
import type { Readable } from "svelte/store";
import { heldChannelStore, toSvelteStore } from "./held-channel.ts";

/** The info of the members of a channel. */
export type MemberInfo<Name extends string, Events> =
  ChannelOf<Name, Events> extends { readonly members: Members<infer Info> } ? Info : unknown;

/** Returns the state of the connection. */
export function connectionState({ connection }: Pick<Sealcast, "connection">): Readable<ConnectionState> {
  return toSvelteStore(connectionStore({ connection }));
}

/** Returns the user, after `client.signin()`. */
export function user<Channels extends object>(client: Sealcast<Channels>): Readable<UserState> {
  return toSvelteStore(userStore(client));
}

/**
 * Returns a channel, which is subscribed to while a component reads the store. Components share one subscription. If other
 * code leaves the channel, it is subscribed again. The value is undefined until a component reads
 * the store, and while rendering on a server.
 *
 * @example
 * const orders = channel(client, "private-orders");
 * onEvent(orders, "paid", ({ order }) => console.log(order));
 */
export function channel<Channels extends object, Name extends EventName<Channels>>(
  client: Sealcast<Channels>,
  name: Name,
): Readable<ChannelOf<Name, Channels[Name]> | undefined> {
  type Found = ChannelOf<Name, Channels[Name]> | undefined;
  return heldChannelStore<Found>(client, name, undefined, (held) => ({
    read: () => held as unknown as Found,
    subscribe: () => () => {},
  }));
}

/**
 * Returns the state of the subscription to a channel, subscribed to in the same way as with {@link channel}.
 *
 * @example
 * const orders = subscription(client, "private-orders"); // $orders.status, $orders.error
 */
export function subscription<Channels extends object>(
  client: Sealcast<Channels>,
  name: EventName<Channels>,
): Readable<SubscriptionState> {
  const pending: SubscriptionState = { status: "pending", error: undefined };
  return heldChannelStore(client, name, pending, (held) => subscriptionStore(client, held as unknown as Channel));
}

/**
 * Returns the members of a presence channel, subscribed to in the same way as with {@link channel}: none before the subscription has
 * succeeded and while there is no connection.
 *
 * @example
 * const room = presence(client, "presence-room"); // $room.count, $room.members, $room.me
 */
export function presence<Channels extends object, Name extends EventName<Channels> & `presence-${string}`>(
  client: Sealcast<Channels>,
  name: Name,
): Readable<PresenceState<MemberInfo<Name, Channels[Name]>>> {
  type Info = MemberInfo<Name, Channels[Name]>;
  const nobody: PresenceState<Info> = { members: [], count: 0, me: null };
  return heldChannelStore(client, name, nobody, (held) =>
    presenceStore(client, held as unknown as PresenceChannel<object, Info>),
  );
}
