import { fieldsOf } from "../fields-of.ts";

/** A message of the server as listeners of `connection.bind("message")` see it. */
export interface ServerMessage {
  readonly event: string;
  readonly channel?: string | undefined;
  /** The decoded JSON, or the text itself where it is none. */
  readonly data?: unknown;
  /** On client events of presence channels: who sent it. */
  readonly user_id?: string;
}

/** Reads one message; undefined where it breaks the protocol. */
export function readMessage(text: unknown): ServerMessage | undefined {
  const { event, channel, data, user_id } = fieldsOf(decode(text));
  if (typeof event !== "string") return undefined;
  const message = { event, channel: typeof channel === "string" ? channel : undefined, data: decode(data) };
  return typeof user_id === "string" ? { ...message, user_id } : message;
}

/** The JSON in a text; anything else as it is. `data` is JSON inside JSON, in all messages but `pusher:error`. */
function decode(text: unknown): unknown {
  if (typeof text !== "string") return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
