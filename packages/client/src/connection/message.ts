import { fieldsOf } from "../untrusted.ts";

/** A message of the server, as listeners of `connection.bind("message")` receive it. */
export interface ServerMessage {
  readonly event: string;
  readonly channel?: string | undefined;
  /** The decoded JSON, or the text itself if it is not JSON. */
  readonly data?: unknown;
  /** Client events of presence channels: id of the user who sent it. */
  readonly user_id?: string;
}

/** Reads one message. Returns undefined if it violates the protocol. */
export function readMessage(text: unknown): ServerMessage | undefined {
  const { event, channel, data, user_id } = fieldsOf(decode(text));
  if (typeof event !== "string") return undefined;
  const message = { event, channel: typeof channel === "string" ? channel : undefined, data: decode(data) };
  return typeof user_id === "string" ? { ...message, user_id } : message;
}

/** Decodes the JSON in a text; returns anything else unchanged. `data` is JSON inside JSON except in `pusher:error`. */
function decode(text: unknown): unknown {
  if (typeof text !== "string") return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
