// A user id on a presence channel is any text. In scripts and payloads, where lines separate fields, it has no line breaks.

/** Encodes a user id for Redis. */
export function encodeUser(userId: string): string {
  return JSON.stringify(userId).slice(1, -1);
}

/** Decodes a user id from Redis. */
export function decodeUser(text: string): string {
  return JSON.parse(`"${text}"`) as string;
}
