import { limits, parseSocketId } from "@sealcast/protocol";

/** A client asks for authorization to subscribe to channels. */
export interface ChannelsRequest {
  /** `channel`: one, answered in the official form; `channels`: many, answered by name. */
  readonly kind: "channel" | "channels";
  readonly socketId: string;
  readonly channels: readonly [string, ...string[]];
  /** Whether the client can keep several secrets of an encrypted channel. */
  readonly endToEnd: boolean;
}

/** A request of a client to the endpoint. */
export type AuthRequest =
  | ChannelsRequest
  | { readonly kind: "user"; readonly socketId: string }
  | { readonly kind: "malformed"; readonly error: string };

/** Greatest number of channels in one request. */
const maxChannels = limits.channelsPerPublish;

/**
 * Reads the fields of a form: `socket_id`, and `channel_name` for one channel, `channel_name[]` once for each of several,
 * or neither of them to sign in. `e2e=1` asks for all secrets of encrypted channels. Does not check channel names.
 */
export function parseAuthRequest(fields: URLSearchParams): AuthRequest {
  const socketId = parseSocketId(fields.get("socket_id"));
  if (!socketId.ok) return { kind: "malformed", error: socketId.error.message };
  const common = { socketId: socketId.value, endToEnd: fields.get("e2e") === "1" };
  const [first, ...others] = new Set(fields.getAll("channel_name[]"));
  if (others.length >= maxChannels) {
    return { kind: "malformed", error: `${others.length + 1} channels requested, at most ${maxChannels} are allowed` };
  }
  if (first !== undefined) return { kind: "channels", ...common, channels: [first, ...others] };
  const single = fields.get("channel_name");
  if (single !== null) return { kind: "channel", ...common, channels: [single] };
  return { kind: "user", socketId: socketId.value };
}
