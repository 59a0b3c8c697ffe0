import { encodeServerMessage, type ChannelName, type Member, type SocketId } from "@sealcast/protocol";
import type { Publication } from "../../ports/engine.ts";

/** Tells the others on a presence channel that a user came, through the connection `by`. */
export function memberAdded(channel: ChannelName, { userId, userInfo }: Member, by: SocketId): Publication {
  const message = encodeServerMessage({ kind: "member-added", channel, userId, userInfo });
  return { channel, message, except: by, cache: undefined };
}

/** Tells those who remain on a presence channel that a user went. */
export function memberRemoved(channel: ChannelName, userId: string): Publication {
  const message = encodeServerMessage({ kind: "member-removed", channel, userId });
  return { channel, message, except: undefined, cache: undefined };
}
