// Checked by the compiler, not run: what the types promise to users.
import { expectTypeOf } from "vitest";
import type { WebSocket as NodeWebSocket } from "ws";
import type { Channel } from "./channels/channel.ts";
import type { EncryptedChannel } from "./channels/encrypted-channel.ts";
import type { DecryptionErrorReason } from "./channels/event-decryptor.ts";
import type { Member, Members } from "./channels/roster.ts";
import type { PresenceChannel } from "./channels/presence-channel.ts";
import type { ConnectionState } from "./connection/connection-state.ts";
import type { WebSocketClass } from "./connection/websocket.ts";
import type { EventMetadata } from "./emitter.ts";
import { events } from "./events.ts";
import { listen } from "./listen.ts";
import { Sealcast, type Presence } from "./sealcast.ts";
import { whenSubscribed } from "./when.ts";

interface Message {
  readonly text: string;
}
interface Channels {
  readonly news: { readonly headline: string };
  readonly [chat: `private-encrypted-chat-${string}`]: { readonly message: Message };
  readonly "presence-room": Presence<{ readonly name: string }, { readonly "client-typing": null }>;
}

declare const typed: Sealcast<Channels>;
declare const untyped: Sealcast;

export async function channelsAreChecked(): Promise<void> {
  const news = typed.subscribe("news");
  expectTypeOf(news).toEqualTypeOf<Channel<{ readonly headline: string }>>();
  news.bind("headline", (data, metadata) => {
    expectTypeOf(data).toEqualTypeOf<string>();
    expectTypeOf(metadata).toEqualTypeOf<EventMetadata>();
  });
  // @ts-expect-error -- there is no such event
  news.bind("headlin", () => {});
  // @ts-expect-error -- its data is text
  news.bind("headline", (data: number) => data);
  // @ts-expect-error -- there is no such channel
  typed.subscribe("new");
  news.bind("pusher:subscription_error", ({ error, status }) => {
    expectTypeOf(error).toEqualTypeOf<string>();
    expectTypeOf(status).toEqualTypeOf<number | undefined>();
  });
  for await (const { data } of events(news, "headline")) expectTypeOf(data).toEqualTypeOf<string>();
  listen(news, "headline", (data) => expectTypeOf(data).toEqualTypeOf<string>());
  // @ts-expect-error -- there is no such event
  listen(news, "headlin", () => {});
}

export async function kindsFollowFromNames(): Promise<void> {
  const chat = typed.subscribe("private-encrypted-chat-7");
  expectTypeOf(chat).toEqualTypeOf<EncryptedChannel<{ readonly message: Message }>>();
  expectTypeOf(chat.counters.opened).toEqualTypeOf<number>();
  chat.bind("message", ({ text }) => expectTypeOf(text).toEqualTypeOf<string>());
  chat.bind("pusher:decryption_error", ({ reason }) => expectTypeOf(reason).toEqualTypeOf<DecryptionErrorReason>());
  const room = await whenSubscribed(typed.subscribe("presence-room"));
  expectTypeOf(room.members).toEqualTypeOf<Members<{ readonly name: string }>>();
  room.bind("pusher:member_added", (member) => expectTypeOf(member).toEqualTypeOf<Member<{ readonly name: string }>>());
  room.bind("client-typing", (data) => expectTypeOf(data).toEqualTypeOf<null>());
  // @ts-expect-error -- only presence channels have members
  void typed.subscribe("news").members;
}

export function untypedChannelsTakeAnything(): void {
  expectTypeOf(untyped.subscribe("presence-x")).toMatchTypeOf<PresenceChannel>();
  untyped.subscribe("x").bind("y", (data) => expectTypeOf(data).toEqualTypeOf<unknown>());
  untyped.subscribe("x").bind("y", (data: { readonly z: number }) => data.z);
}

export function connectionsAreChecked(): void {
  typed.connection.bind("state_change", ({ previous, current }) => {
    expectTypeOf(previous).toEqualTypeOf<ConnectionState>();
    expectTypeOf(current).toEqualTypeOf<ConnectionState>();
  });
  typed.connection.bind("connected", ({ socket_id }) => expectTypeOf(socket_id).toEqualTypeOf<string>());
  typed.connection.bind("error", (error) => {
    if (error.type === "PusherError") expectTypeOf(error.data.code).toEqualTypeOf<number | null>();
  });
  // @ts-expect-error -- there is no such event
  typed.connection.bind("conected", () => {});
  typed.user.watchlist.bind("online", ({ user_ids }) => expectTypeOf(user_ids).toEqualTypeOf<readonly string[]>());
  // @ts-expect-error -- an address is a text or a URL
  void new Sealcast("key", { url: 7 });
  // @ts-expect-error -- there is no such option
  void new Sealcast("key", { ulr: "http://x" });
  // The WebSocket classes of browsers and of ws both fit the option.
  expectTypeOf<typeof globalThis.WebSocket>().toExtend<WebSocketClass>();
  expectTypeOf<typeof NodeWebSocket>().toExtend<WebSocketClass>();
}
