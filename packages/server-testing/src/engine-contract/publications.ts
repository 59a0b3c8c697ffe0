import type { AppId, ChannelName, SocketId } from "@sealcast/protocol";
import type { CachedEvent, Publication } from "@sealcast/server";

/** The app that rules are tried on. */
export const app = "1001" as AppId;
/** A presence channel. */
export const room = "presence-room" as ChannelName;
/** A public channel. */
export const news = "news" as ChannelName;
/** A cache channel. */
export const price = "cache-price" as ChannelName;

/** What an engine hands to a node of one publication. */
export type Delivery = Pick<Publication, "channel" | "message" | "except">;

/** A socket id without its check. */
export function socketOf(id: string): SocketId {
  return id as SocketId;
}

/** A publication that is not kept. */
export function event(channel: ChannelName, message: string, except?: string): Publication {
  return { ...delivery(channel, message, except), cache: undefined };
}

/** A publication that the cache channel keeps, for longer than any test runs. */
export function keptEvent(message: string): Publication {
  return { ...event(price, message), cache: cachedEvent(message) };
}

/** What is kept of such a publication. */
export function cachedEvent(message: string): CachedEvent {
  return { message, data: `data of ${message}`, expiresAtMs: 4_102_444_800_000 };
}

/** What a node is handed of a publication. */
export function delivery(channel: ChannelName, message: string, except?: string): Delivery {
  return { channel, message, except: except === undefined ? undefined : socketOf(except) };
}
