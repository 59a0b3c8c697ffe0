import type { AppId, ChannelName, SocketId } from "@sealcast/protocol";
import type { Delivery, Publication } from "@sealcast/server";

/** The app that rules are tried on. */
export const app = "1001" as AppId;
/** Another app. */
export const otherApp = "1002" as AppId;
/** A presence channel. */
export const room = "presence-room" as ChannelName;
/** A public channel. */
export const news = "news" as ChannelName;
/** A cache channel. */
export const price = "cache-price" as ChannelName;

/** A delivery as rules compare it. */
export type DeliveredMessage = Pick<Delivery, "channel" | "message" | "except">;

/** A socket id without its check. */
export function socketOf(id: string): SocketId {
  return id as SocketId;
}

/** A publication that is not kept. */
export function event(channel: ChannelName, message: string, except?: string): Publication {
  return { ...delivery(channel, message, except), keep: undefined };
}

/** A publication of which the channel keeps the last `count`, for longer than any test runs. */
export function keptEvent(message: string, count = 1): Publication {
  return { ...event(price, message), keep: { count, ttlSeconds: 3_600 } };
}

/** A delivery without its position. */
export function delivery(channel: ChannelName, message: string, except?: string): DeliveredMessage {
  return { channel, message, except: except === undefined ? undefined : socketOf(except) };
}
