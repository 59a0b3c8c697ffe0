import { limits, parseSocketId } from "@sealcast/protocol";

/** A client's wish to subscribe to channels. */
export interface ChannelsRequest {
  /** `channel`: one, answered in the official form; `channels`: many, answered by name. */
  readonly kind: "channel" | "channels";
  readonly socketId: string;
  readonly channels: readonly [string, ...string[]];
  /** Whether the client keeps several secrets of an encrypted channel. */
  readonly endToEnd: boolean;
}

/** What a client asks of the endpoint. */
export type AuthRequest =
  | ChannelsRequest
  | { readonly kind: "user"; readonly socketId: string }
  | { readonly kind: "malformed"; readonly error: string };

/** Most channels of one request. */
const maxChannels = limits.channelsPerPublish;

/**
 * Reads the fields of a form: `socket_id`, and `channel_name` for one channel, `channel_name[]` once for each of many, or
 * neither to sign in. `e2e=1` asks for all secrets of encrypted channels. Channel names are not checked here.
 */
export function parseAuthRequest(fields: URLSearchParams): AuthRequest {
  const socketId = parseSocketId(fields.get("socket_id"));
  if (!socketId.ok) return { kind: "malformed", error: socketId.error.message };
  const common = { socketId: socketId.value, endToEnd: fields.get("e2e") === "1" };
  const [first, ...others] = new Set(fields.getAll("channel_name[]"));
  if (others.length >= maxChannels) {
    return { kind: "malformed", error: `${others.length + 1} channels asked for, at most ${maxChannels} are allowed` };
  }
  if (first !== undefined) return { kind: "channels", ...common, channels: [first, ...others] };
  const single = fields.get("channel_name");
  if (single !== null) return { kind: "channel", ...common, channels: [single] };
  return { kind: "user", socketId: socketId.value };
}
